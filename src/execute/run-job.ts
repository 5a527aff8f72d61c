import { CommandFailed, InDoubt } from "../errors.ts";
import type { RunStep } from "../plan/plan.ts";
import { toText } from "../plan/text.ts";
import type { Work } from "./hands.ts";
import { cancelJob, type JobLook, lookAtJob, submitJob } from "./host-work.ts";
import { persist } from "./persist.ts";

/** What is known of a job that nobody waits for any more. */
export type JobEnd =
  | { readonly word: "finished"; readonly exitCode: number; readonly output: string }
  /** It began, and the host does not say how it ended. */
  | { readonly word: "lost"; readonly why: string; readonly output: string };

const keptOutput = 64 * 1024;

/**
 * Submits the job of a step, or finds it again where it was, and stays until it ended. `attempt` counts from 1: a job
 * whose end nobody knows is never begun again under the same name.
 */
export async function runJob(step: RunStep, attempt: number, work: Work): Promise<JobEnd> {
  const { transport, journal, plan, owner, patienceMs } = work;
  const link = transport.link(step.host);
  const name = attempt === 1 ? step.id : `${step.id}.${attempt}`;
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
    if (state.word === "finished") return { word: "finished", exitCode: state.exitCode, output };
    if (state.word === "killed") return { word: "lost", why: `it was killed on ${step.host}`, output };
    if (state.word === "rebooted")
      return { word: "lost", why: `${step.host} was started anew while it ran`, output };
    return undefined;
  };

  const text = toText(step.command);
  let look = await persist(patienceMs, () => lookAtJob(link, plan.id, name, 0));
  if (look.state.word === "none" || look.state.word === "claimed")
    look = await persist(patienceMs, () =>
      submitJob(link, { operation: plan.id, step: name, owner, text, secrets: step.secrets ?? {} }),
    );
  journal.append({ kind: "started", step: step.id });
  take(look);
  let isCancelled = false;
  for (;;) {
    // More may be waiting behind what came at once.
    if (look.outputBytes === 0 || look.state.word === "running") {
      const ended = end(look);
      if (ended) return ended;
    }
    const isLate = Date.now() > untilMs;
    if ((isLate || work.asked() === "walk-back") && !isCancelled) {
      isCancelled = true;
      await persist(patienceMs, () => cancelJob(link, plan.id, name));
      if (isLate) work.onOutput(step.id, `\ncancelled after ${step.timeoutMs / 1000} s\n`);
    }
    look = await persist(patienceMs, () => lookAtJob(link, plan.id, name, fromByte));
    take(look);
  }
}

/** Throws `CommandFailed` unless the end is what the step calls success. */
export function judge(step: RunStep, end: JobEnd): void {
  const tail = lastLines(end.output);
  if (end.word === "lost") throw new InDoubt(`${step.title}: ${end.why}, and nobody knows how far it came.`);
  const fail = (why: string) =>
    new CommandFailed(
      `${step.title} on ${step.host}: ${why}\n  ${toText(step.command)}${tail === "" ? "" : `\n${tail}`}`,
    );
  const { okExitCodes = [0], output } = step;
  if (!okExitCodes.includes(end.exitCode))
    throw fail(end.exitCode === 143 ? "it was cancelled" : `exit ${end.exitCode}`);
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
