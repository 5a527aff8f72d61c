import { CommandFailed, InDoubt } from "../errors.ts";
import { toOperation } from "../journal/operation.ts";
import type { RunStep } from "../plan/plan.ts";
import { toText } from "../plan/text.ts";
import { toDuration } from "../words.ts";
import type { Work } from "./hands.ts";
import {
  cancelJob,
  type JobLook,
  type JobState,
  lookAtJob,
  mostOutputAtOnce,
  submitJob,
} from "./host-jobs.ts";
import { persist } from "./persist.ts";

/** What is known of a job that nobody waits for any more. `cancelled`: why it was. */
export type JobEnd =
  | {
      readonly word: "finished";
      readonly exitCode: number;
      /** The host has seen that it is done. */
      readonly isChecked?: true;
      readonly output: string;
      readonly cancelled?: string;
    }
  /** It never began, and never will. */
  | { readonly word: "never"; readonly output: string; readonly cancelled?: string }
  /** It began, and the host does not say how it ended. */
  | {
      readonly word: "lost";
      readonly why: string;
      /** Nothing of it goes on. */
      readonly isGone?: true;
      readonly output: string;
      readonly cancelled?: string;
    };

/** It does not end, whoever wants it to: nothing may be done beside it, neither on nor back. */
export class LivesOn extends InDoubt {}

const keptOutput = 64 * 1024;

/**
 * Submits the job of a step, or finds it again where it was, and stays until it ended. `attempt` counts from 1: a job
 * whose end nobody knows is never begun again under the same name.
 */
export async function runJob(step: RunStep, attempt: number, work: Work): Promise<JobEnd> {
  const { transport, journal, plan, owner, patienceMs } = work;
  const link = transport.link(step.host);
  const name = nameOf(step, attempt);
  const untilMs = Date.now() + step.timeoutMs;
  let fromByte = 0;
  let output = "";
  const take = (look: JobLook) => {
    if (look.outputBytes === 0) return;
    fromByte += look.outputBytes;
    output = (output + look.output).slice(-keptOutput);
    work.onOutput(step.id, look.output);
  };
  const end = ({ state }: JobLook): JobEnd | undefined => {
    const because = cancelled === undefined ? {} : { cancelled };
    if (state.word === "finished") return { ...state, output, ...because };
    if (state.word === "never") return { word: "never", output, ...because };
    const lost = whyLost(state, step.host);
    return lost === undefined ? undefined : { word: "lost", why: lost, isGone: true, output, ...because };
  };

  const wasClaimed = isClaimed(step, work);
  let cancelled: string | undefined;
  let cancelledAtMs = Number.POSITIVE_INFINITY;
  let look = wasClaimed ? await persist(patienceMs, () => lookAtJob(link, plan.id, name, 0)) : undefined;
  if (look?.state.word === "none")
    return { word: "lost", why: `${step.host} has no record of it any more`, output };
  const { command, secrets } = step;
  const job = {
    operation: plan.id,
    step: name,
    owner,
    text: toText(command),
    ...(secrets ? { secrets } : {}),
  };
  // What is there already is found again by submitting it, too.
  const submit = () => persist(patienceMs, () => submitJob(link, job));
  look ??= await submit();
  if (!wasClaimed) journal.note({ kind: "started", step: step.id });
  take(look);
  for (;;) {
    // More may be waiting behind what came at once.
    if (look.outputBytes < mostOutputAtOnce || look.state.word === "running") {
      const ended = end(look);
      if (ended) return ended;
    }
    const isLate = Date.now() > untilMs;
    if ((isLate || work.asked() === "walk-back") && cancelled === undefined) {
      cancelled = isLate
        ? `not within ${toDuration(step.timeoutMs)}, so it was cancelled`
        : "it was cancelled";
      await persist(patienceMs, () => cancelJob(link, plan.id, name));
      cancelledAtMs = Date.now();
    }
    if (cancelled !== undefined && Date.now() - cancelledAtMs > cancelTakesMs)
      return { word: "lost", why: `it cannot be ended on ${step.host}`, output, cancelled };
    // Whoever was to begin it may have died before.
    look =
      look.state.word === "claimed" && cancelled === undefined
        ? await submit()
        : await persist(patienceMs, () => lookAtJob(link, plan.id, name, fromByte));
    take(look);
  }
}

/** The host is told to kill it after 10 s: what still runs then hangs in its kernel. */
const cancelTakesMs = 60_000;

const isClaimed = ({ id }: RunStep, { journal }: Work): boolean => {
  const known = toOperation(journal.records())?.steps.get(id);
  return known?.word === "begun" && known.isClaimed;
};

function whyLost({ word }: JobLook["state"], host: string): string | undefined {
  if (word === "killed") return `it was killed on ${host}`;
  return word === "rebooted" ? `${host} was started anew while it ran` : undefined;
}

/** Sees to it that nothing of a step goes on, or begins later, on its host: before it is undone. */
export async function quell(
  step: Pick<RunStep, "id" | "host" | "title">,
  attempt: number,
  work: Work,
): Promise<JobState> {
  const link = work.transport.link(step.host);
  const name = nameOf(step, attempt);
  const untilMs = Date.now() + cancelTakesMs;
  for (;;) {
    const { state } = await persist(work.patienceMs, () => cancelJob(link, work.plan.id, name));
    if (state.word !== "running") return state;
    if (Date.now() > untilMs) throw new InDoubt(`${step.title}: it cannot be ended on ${step.host}.`);
  }
}

const nameOf = ({ id }: Pick<RunStep, "id">, attempt: number): string =>
  attempt === 1 ? id : `${id}.${attempt}`;

/** Throws `CommandFailed` unless the end is what the step calls success. */
export function judge(step: RunStep, end: JobEnd): void {
  const said = step.output?.means?.find(({ match }) => new RegExp(match, "i").test(end.output))?.says;
  // What was said in plain words needs no more than what it was read from.
  const tail = lastLines(end.output, said === undefined ? undefined : 2);
  const fail = (why: string) =>
    new CommandFailed(
      `${step.title} on ${step.host}: ${said === undefined ? "" : `${said}: `}${why}\n  ${toText(step.command)}${tail === "" ? "" : `\n${tail}`}`,
    );
  if (end.word === "lost") {
    const { cancelled, isGone, why } = end;
    if (cancelled !== undefined && !isGone) throw new LivesOn(`${step.title}: ${cancelled}, and ${why}.`);
    // What may be done again may be undone, too, however far it came; but for the point of no return.
    if (cancelled !== undefined && step.again === "safe" && !step.commit) throw fail(cancelled);
    throw new InDoubt(`${step.title}: ${why}, and nobody knows how far it came.`);
  }
  if (end.word === "never") throw fail(`${end.cancelled ?? "it was cancelled"} before it began`);
  const { okExitCodes = [0], means = {}, output } = step;
  if (!okExitCodes.includes(end.exitCode))
    throw fail(end.cancelled ?? means[end.exitCode] ?? `exit ${end.exitCode}`);
  if (output?.must !== undefined && !new RegExp(output.must, "m").test(end.output))
    throw fail(`exit ${end.exitCode}, but it does not say ${output.must}`);
  const wrong = output?.mustNot === undefined ? null : new RegExp(output.mustNot, "m").exec(end.output);
  if (wrong) throw fail(`exit ${end.exitCode}, but it says ${wrong[0]}`);
}

/** What a failed command said last, each line indented. */
export const lastLines = (output: string, count = 8): string =>
  output
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-count)
    .map((line) => `  ${line.slice(0, 300)}`)
    .join("\n");
