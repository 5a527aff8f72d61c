import { CommandFailed } from "../errors.ts";

/** What became of a check, where `what` was asked and nothing of use was answered. */
export function sayNoAnswer(what: string, error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  // It names the address, and so does `what`.
  const verb =
    error instanceof CommandFailed && /^\S+:\d+ (refuses connections|does not answer)$/.exec(said)?.[1];
  if (verb) return `${what} ${verb}`;
  const known = words.find(([pattern]) => pattern.test(said));
  return known ? `${what} ${known[1]}` : `${what}: ${said}`;
}

/** What Node.js says of an answer that is none. */
const words: readonly (readonly [said: RegExp, plain: string])[] = [
  [/socket hang up|ECONNRESET|EPIPE/, "ends the connection without an answer"],
  [/^Parse Error/, "answers, but not in HTTP"],
  [/wrong version number|packet length too long|EPROTO/, "answers, but not in TLS"],
  [/disconnected before secure TLS/, "ends the connection without an answer"],
];
