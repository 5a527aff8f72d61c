import { once } from "node:events";
import { CommandFailed, UnreachableError } from "../errors.ts";
import type { TransferStep } from "../plan/plan.ts";
import { sanitise } from "../transport/sanitise.ts";
import type { Stream } from "../transport/transport.ts";
import { toDuration, toSize } from "../words.ts";
import type { Work } from "./hands.ts";
import { persist } from "./persist.ts";
import { lastLines } from "./run-job.ts";

const tellEveryMs = 2_000;

/**
 * Passes the stream on until both ends say that all of it went through. Cut off, it begins again, as long as each time
 * something moves. Rejects with why it did not: then whatever arrived is none of it.
 */
export async function runTransfer(step: TransferStep, work: Work): Promise<void> {
  const late = AbortSignal.timeout(step.timeoutMs);
  const cancelled = new AbortController();
  const watch = setInterval(() => work.asked() === "walk-back" && cancelled.abort(), 500);
  const signal = AbortSignal.any([cancelled.signal, late]);
  const fail = (why: string) => new CommandFailed(`${step.title}: ${why}`);
  try {
    for (;;) {
      let bytes = 0;
      const attempt = () =>
        pass(step, work, signal, (moved) => {
          bytes += moved;
        });
      try {
        await persist(work.patienceMs, attempt);
        const told = `${toSize(bytes)} passed on, all of it`;
        work.onOutput(step.id, `${told}\n`);
        work.journal.append({ kind: "observed", step: step.id, text: told });
        return;
      } catch (error) {
        if (cancelled.signal.aborted) throw fail("it was cancelled");
        if (late.aborted) throw fail(`not within ${toDuration(step.timeoutMs)}, so it was cancelled`);
        if (!(error instanceof UnreachableError && bytes > 0)) throw error;
        work.onOutput(step.id, `${error.message} Once more from the beginning.\n`);
      }
    }
  } finally {
    clearInterval(watch);
  }
}

async function pass(
  step: TransferStep,
  { transport, onOutput }: Work,
  signal: AbortSignal,
  onMoved: (bytes: number) => void,
): Promise<void> {
  const target = transport.link(step.host);
  const asked = step.resumes ? await target.ask(step.resumes) : undefined;
  if (asked && asked.exitCode !== 0)
    throw failed(step, step.host, { exitCode: asked.exitCode, stderr: asked.stderr || asked.stdout });
  const to = await target.stream(step.command, signal);
  let from: Stream | undefined;
  try {
    from = await transport.link(step.from.host).stream(step.from.command, signal);
    from.stdin.end(asked?.stdout ?? "");
    to.stdout.on("data", (said: Buffer) => onOutput(step.id, sanitise(said.toString())));
    const isWhole = await pump(from, to, onMoved, (text) => onOutput(step.id, `${text}\n`));
    if (isWhole) {
      // Only then its input ends: who gets a part must not take it for the whole.
      const sent = await from.ended;
      if (sent.exitCode !== 0) throw failed(step, step.from.host, sent);
      to.stdin.end();
    }
    const got = await to.ended;
    if (got.exitCode !== 0 || !isWhole) throw failed(step, step.host, got);
  } finally {
    from?.close();
    to.close();
  }
}

/** True: all that there was. False: the other end was over before. */
async function pump(
  from: Stream,
  to: Stream,
  onMoved: (bytes: number) => void,
  tell: (text: string) => void,
): Promise<boolean> {
  const isOver = to.ended.then(
    () => "over" as const,
    () => "over" as const,
  );
  let bytes = 0;
  let toldAtMs = Date.now();
  const chunks = from.stdout[Symbol.asyncIterator]();
  for (;;) {
    // What is cut off is told by how it ended, not here.
    const next = await Promise.race([chunks.next().catch(() => ({ done: true, value: undefined })), isOver]);
    if (next === "over") return false;
    if (next.done) return true;
    const chunk: Buffer = next.value;
    bytes += chunk.length;
    onMoved(chunk.length);
    if (!to.stdin.write(chunk)) await Promise.race([once(to.stdin, "drain").catch(() => isOver), isOver]);
    if (Date.now() - toldAtMs < tellEveryMs) continue;
    toldAtMs = Date.now();
    tell(`${toSize(bytes)} passed on`);
  }
}

function failed(
  step: TransferStep,
  host: string,
  { exitCode, stderr }: { readonly exitCode: number; readonly stderr: string },
): CommandFailed {
  const tail = lastLines(stderr);
  const how = exitCode === 0 ? "it was over before all had arrived" : `exit ${exitCode}`;
  return new CommandFailed(`${step.title}: ${host}: ${how}${tail === "" ? "" : `\n${tail}`}`);
}
