import type { Output } from "../command/command.ts";
import { TimedOut, UnreachableError, UnreadableOutput } from "../errors.ts";
import type { Intake } from "./intake.ts";
import { sanitise, sanitiseLine } from "./sanitise.ts";

export interface ShellRequest {
  /** As it may be told to anybody. */
  readonly text: string;
  /** As it is sent, where that may not be told. */
  readonly sent?: string;
  /** What the text is. `functions` are those of `shellFunctions`, which frame their answer themselves: see there. */
  readonly kind: "functions" | "command";
  readonly maxBytes: number;
  readonly timeoutMs: number;
  /** After this the host kills it itself, by `timeout`: then it is late, and the shell goes on. */
  readonly killedAfterMs?: number;
}

/** A request that was sent, and what came back so far. */
export interface Pending extends ShellRequest {
  readonly mark: string;
  /** The mark as it is sent: a shell that echoes what it is told does not answer by that. */
  readonly markSent: string;
  readonly resolve: (output: Output) => void;
  readonly reject: (error: Error) => void;
  timer?: NodeJS.Timeout;
  /** When nothing was before it any more. */
  firstAtMs: number;
  started: boolean;
  stdout?: Buffer | undefined;
  exitCode?: number;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
export const toText = (bytes: Buffer) => sanitise(decoder.decode(bytes));

// What the login shell says before it comes to us.
const greetingBytes = 64 * 1024;

/** It was not answered in its time. */
export const late = (host: string, text: string, timeoutMs: number) =>
  new TimedOut(`${host} did not answer within ${timeoutMs / 1000} s: ${sanitiseLine(text)}`);

// 124 and 137 are what `timeout` ends with when it had to kill, and what others may end with in their time.
export const wasKilled = ({ killedAfterMs, firstAtMs }: Pending, { exitCode }: Output) =>
  killedAfterMs !== undefined &&
  (exitCode === 124 || exitCode === 137) &&
  Date.now() - firstAtMs >= 0.9 * killedAfterMs;

/** The text that is sent for a request. */
export function toFrame({ text, sent = text, kind }: ShellRequest, mark: string, isFirst: boolean): string {
  if (kind === "functions") return `scrap_mark=${mark}; ${sent} </dev/null 2>/dev/null; scrap_mark=\n`;
  return `${isFirst ? `echo ${mark}; ` : ""}${sent} </dev/null; echo ${mark} $?; echo ${mark} >&2\n`;
}

/** The answer to `pending` once it is complete; what is wrong with it; or undefined, as long as more is to come. */
export function readFrame(
  host: string,
  pending: Pending,
  stdout: Intake,
  stderr: Intake,
  lastMark: string | undefined,
): Output | Error | undefined {
  const { mark, markSent, maxBytes, text } = pending;
  const isTooMuch = () =>
    stdout.length() > (pending.started ? maxBytes : greetingBytes) + mark.length + 8 ||
    stderr.length() > maxBytes + greetingBytes;
  const wait = () =>
    isTooMuch()
      ? new UnreadableOutput(`${host} answered with more than ${maxBytes} bytes: ${sanitiseLine(text)}`)
      : undefined;

  if (!pending.started) {
    const before = stdout.takeUntil(`${mark}\n`);
    if (!before) return wait();
    if (before.includes(markSent)) {
      return new UnreachableError("incompatible", `The login shell on ${host} echoes what it is told.`);
    }
    pending.started = true;
  }
  pending.stdout ??= stdout.takeUntil(`${mark} `);
  if (!pending.stdout) return wait();
  if (pending.exitCode === undefined) {
    const code = stdout.takeUntil("\n") ?? (stdout.length() > 3 ? stdout.takeAll() : undefined);
    if (!code) return undefined;
    if (!/^\d{1,3}$/.test(code.toString("latin1"))) {
      return new UnreadableOutput(
        `${host} ended an answer with "${sanitiseLine(code.toString())}", not an exit code.`,
      );
    }
    pending.exitCode = Number(code.toString("latin1"));
  }
  const errors = pending.kind === "command" ? stderr.takeUntil(`${mark}\n`) : stderr.takeAll().subarray(0, 0);
  if (!errors || pending.stdout.length > maxBytes || errors.length > maxBytes) {
    return !errors && pending.stdout.length <= maxBytes
      ? wait()
      : new UnreadableOutput(`${host} answered with more than ${maxBytes} bytes: ${sanitiseLine(text)}`);
  }
  return {
    exitCode: pending.exitCode,
    stdout: toText(afterMark(pending.stdout, lastMark)),
    stderr: toText(errors),
  };
}

/** Without what the last answer still had to say after its end. */
function afterMark(stdout: Buffer, lastMark: string | undefined): Buffer {
  const at = lastMark === undefined ? -1 : stdout.lastIndexOf(lastMark, undefined, "latin1");
  return at < 0 ? stdout : stdout.subarray(stdout.indexOf("\n", at) + 1);
}
