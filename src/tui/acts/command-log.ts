import type { Sent } from "../source.ts";
import type { Texts } from "./text-acts.ts";

/** The command log: what was sent, as it was sent. */
export function logSent(texts: Texts): (sent: Sent) => void {
  const buffer = texts.open("commands");
  buffer.setStatus({ is: "following" });
  return ({ at, host, text, tookMs, exitCode, error }) => {
    const result = error ?? `exit ${exitCode}`;
    // In one piece: thousands of these are kept, and a template keeps each of its parts.
    const begin = [at.toISOString().slice(0, 19), "Z ", result, ", ", Math.round(tookMs), " ms  "].join("");
    buffer.append({
      text: begin + text,
      source: host,
      ...(error === undefined ? {} : { isError: true }),
    });
  };
}
