import type { Sent } from "../source.ts";
import type { Texts } from "./text-acts.ts";

/** The command log: what was sent, as it was sent. */
export function logSent(texts: Texts): (sent: Sent) => void {
  const buffer = texts.open("commands");
  buffer.setStatus({ is: "following" });
  return ({ at, host, text, tookMs, exitCode, error }) => {
    const result = error ?? `exit ${exitCode}`;
    buffer.append({
      text: `${at.toISOString().slice(0, 19)}Z ${result}, ${Math.round(tookMs)} ms  ${text}`,
      source: host,
      ...(error === undefined ? {} : { isError: true }),
    });
  };
}
