import { randomBytes } from "node:crypto";
import { shellFunctions } from "../command/answers.ts";
import type { Output } from "../command/command.ts";
import { UnreachableError } from "../errors.ts";
import type { Channel, Exit } from "./driver.ts";
import { late, type Pending, readFrame, type ShellRequest, toFrame, toText, wasKilled } from "./frames.ts";
import { createIntake, type Intake } from "./intake.ts";
import { sanitiseLine } from "./sanitise.ts";

/** All that a login shell is ever told to start a shell of ours, whatever shell it may be itself. */
export const shellConstant = "exec /bin/sh -s";

/** What each shell of ours finds its programs with. */
export const shellEnvironment = `export LC_ALL=C TZ=UTC PATH="$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"; cd /; umask 077
`;

/** What a shell of ours is told before its first request. */
const shellPrelude = `${shellEnvironment}${shellFunctions}`;

/** A POSIX shell on a host that answers requests in order, each in a frame of its own. */
export interface Shell {
  /**
   * Rejects with `TimedOut`, `UnreadableOutput` or `UnreachableError`; then the shell is over, and those that were sent
   * after it reject with `NotAnswered`.
   */
  readonly run: (request: ShellRequest) => Promise<Output>;
  readonly isOpen: () => boolean;
  /** Resolves when the host has let go of the channel, too. */
  readonly ended: Promise<Exit>;
  readonly close: () => void;
}

/** The shell ended because of another request. This one can be sent again. */
export class NotAnswered extends Error {}

/** Talks to a channel on which `shellConstant` runs. */
export function createShell(host: string, channel: Channel): Shell {
  const stdout = createIntake();
  const stderr = createIntake();
  const queue: Pending[] = [];
  let outgoing = shellPrelude;
  let isScheduled = false;
  let isOpen = true;
  let isFirst = true;
  let answers = 0;
  let lastMark: string | undefined;

  const end = (error: Error) => {
    if (!isOpen) return;
    isOpen = false;
    channel.close();
    for (const [index, pending] of queue.splice(0).entries()) {
      clearTimeout(pending.timer);
      pending.reject(index === 0 ? error : new NotAnswered(error.message, { cause: error }));
    }
  };

  /** The one that is first has the host for itself: its time runs from when those before it were answered. */
  const startClock = () => {
    const first = queue[0];
    if (!first) return;
    first.firstAtMs = Date.now();
    first.timer = setTimeout(() => end(late(host, first.text, first.timeoutMs)), first.timeoutMs);
  };

  const flush = () => {
    isScheduled = false;
    if (isOpen) channel.stdin.write(outgoing);
    outgoing = "";
  };

  const finish = (pending: Pending, output: Output) => {
    queue.shift();
    answers++;
    lastMark = pending.mark;
    clearTimeout(pending.timer);
    if (wasKilled(pending, output)) pending.reject(late(host, pending.text, pending.killedAfterMs ?? 0));
    else pending.resolve({ ...output, at: new Date((pending.firstAtMs + Date.now()) / 2) });
  };

  const advance = () => {
    for (;;) {
      const pending = queue[0];
      if (!pending) {
        // Nobody asked. Whatever it is, it must not become a part of the next answer.
        stdout.takeAll();
        stderr.takeAll();
        return;
      }
      const output = readFrame(host, pending, stdout, stderr, lastMark);
      if (output instanceof Error) end(output);
      if (output === undefined || output instanceof Error) return;
      finish(pending, output);
    }
  };

  const take = (intake: Intake) => (bytes: Buffer) => {
    if (!isOpen) return;
    intake.add(bytes);
    advance();
  };
  channel.stdout.on("data", take(stdout)).resume();
  channel.stderr.on("data", take(stderr)).resume();
  void channel.ended.then((exit) => {
    const said = sanitiseLine(`${toText(stderr.takeAll())} ${toText(stdout.takeAll())}`);
    end(endedEarly(host, exit, answers, said));
  });

  return {
    run: (request) =>
      new Promise((resolve, reject) => {
        if (!isOpen) {
          reject(new NotAnswered(`The shell on ${host} is closed.`));
          return;
        }
        const halves = [randomBytes(8).toString("hex"), randomBytes(8).toString("hex")] as const;
        const [mark, markSent] = [halves.join(""), halves.join("''")];
        // What comes before the first answer is a greeting; before the others there is nothing.
        const started = !isFirst && request.kind === "command";
        queue.push({
          ...request,
          mark,
          markSent,
          resolve,
          reject,
          firstAtMs: Date.now(),
          started,
        });
        if (queue.length === 1) startClock();
        outgoing += toFrame(request, markSent, isFirst);
        isFirst = false;
        if (!isScheduled) setImmediate(flush);
        isScheduled = true;
      }),
    isOpen: () => isOpen,
    ended: channel.ended,
    close: () => end(new UnreachableError("dropped", `The connection to ${host} was closed.`)),
  };
}

function endedEarly(host: string, exit: Exit, answers: number, said: string): UnreachableError {
  const how =
    exit.code === undefined
      ? exit.signal === undefined
        ? "was cut off"
        : `was ended by ${sanitiseLine(exit.signal)}`
      : `ended with ${exit.code}`;
  // A shell that never answered and ended by itself is one that the host does not give us.
  const reason = answers === 0 && exit.code !== undefined ? "incompatible" : "dropped";
  return new UnreachableError(reason, `The shell on ${host} ${how}${said === "" ? "." : `: ${said}`}`);
}
