import { CommandFailed } from "../errors.ts";
import type { LocalStep } from "../plan/plan.ts";
import type { Work } from "./hands.ts";
import { lastLines } from "./run-job.ts";

/** Runs a program of this machine to its end, unless it is cancelled or takes too long. */
export async function runLocally(step: LocalStep, work: Work): Promise<void> {
  const said: string[] = [];
  const say = (line: string) => {
    said.push(line);
    if (said.length > 200) said.shift();
    work.onOutput(step.id, `${line}\n`);
  };
  const cancelled = new AbortController();
  const watch = setInterval(() => work.asked() === "walk-back" && cancelled.abort(), 500);
  const signal = AbortSignal.any([cancelled.signal, AbortSignal.timeout(step.timeoutMs)]);
  const exitCode = await work.runLocal(step.argv, step.cwd, say, signal).finally(() => clearInterval(watch));
  if (exitCode === 0) return;
  const tail = lastLines(said.join("\n"));
  work.journal.append({ kind: "observed", step: step.id, text: tail });
  throw new CommandFailed(`${step.title}: exit ${exitCode}\n  ${step.argv.join(" ")}\n${tail}`);
}
