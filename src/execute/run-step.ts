import { CommandFailed, InDoubt, Refused } from "../errors.ts";
import { toOperation } from "../journal/operation.ts";
import type { RunStep, Step } from "../plan/plan.ts";
import { describeStep } from "../plan/text.ts";
import { ask, type Verdict } from "./checks.ts";
import type { Work } from "./hands.ts";
import { putBackFile, uploadFile } from "./host-files.ts";
import { makeEdit, readSource, stateOfEdit } from "./own-files.ts";
import { persist } from "./persist.ts";
import { judge, lastLines, runJob } from "./run-job.ts";
import { runLocally } from "./run-locally.ts";
import { waitUntil } from "./wait-until.ts";

/**
 * Takes one step, or finds out what became of it when it was begun before. Resolves when it is done and was checked;
 * rejects with why it is not. `InDoubt` when nobody can know.
 */
export async function takeStep(step: Step, work: Work): Promise<void> {
  const { journal } = work;
  const operation = toOperation(journal.records());
  const before = operation?.steps.get(step.id);
  if (before?.word === "done" || (before?.word === "failed" && before.isWarning)) return;
  if (operation?.decided.get(step.id) === "was-done") return believe(step, work);
  if (before?.word === "begun") {
    if (await wasDone(step, work)) return journal.append({ kind: "done", step: step.id });
  } else {
    for (const need of step.needs ?? []) {
      const verdict = await persist(work.patienceMs, () => ask(need, work.transport));
      if (!verdict.holds) throw new Refused(`${need.title}: ${verdict.why}`);
    }
    if (step.kind !== "wait" && (await isDone(step, work)).holds)
      return journal.append({ kind: "done", step: step.id, already: true });
  }
  if (before?.word !== "begun" || attemptsOf(step, work) === 0) announce(step, work);
  try {
    await doIt(step, work);
    const verdict = await isDone(step, work);
    if (!verdict.holds && step.done) throw new CommandFailed(`${step.title}: ${verdict.why}`);
  } catch (error) {
    throw error instanceof CommandFailed ? await explained(error, step, work) : error;
  }
  journal.append({ kind: "done", step: step.id });
}

/** A person said that it was done. Where that can be seen it must be so. */
async function believe(step: Step, work: Work): Promise<void> {
  const verdict = await isDone(step, work);
  if (step.done && !verdict.holds)
    throw new InDoubt(`“${step.title}” was said to be done, but it is not: ${verdict.why}`, {
      hint: `scrap resume ${work.plan.id} --was-not-done ${step.id}`,
    });
  work.journal.append({ kind: "done", step: step.id });
}

/** The same failure with what its host tells of it. That nothing is told changes nothing. */
async function explained(
  error: CommandFailed,
  { explain }: Step,
  { transport }: Work,
): Promise<CommandFailed> {
  if (!explain) return error;
  const said = await transport
    .link(explain.host)
    .ask(explain.command)
    .catch(() => undefined);
  const ignored = explain.ignore === undefined ? /(?!)/ : new RegExp(explain.ignore);
  const lines = (said?.stderr.trim() || said?.stdout || "").split("\n").filter((line) => !ignored.test(line));
  const tail = lastLines(lines.join("\n"));
  return tail === "" ? error : new CommandFailed(`${error.message}\n${tail}`, { hint: error.hint });
}

function announce(step: Step, { journal, transport }: Work): void {
  const link = "host" in step ? transport.link(step.host).state() : undefined;
  const hostKey = link?.status === "up" ? link.access.hostKey : undefined;
  journal.append({
    kind: "intent",
    step: step.id,
    says: describeStep(step),
    ...(hostKey === undefined ? {} : { hostKey }),
  });
}

async function isDone({ done }: Step, { transport, patienceMs }: Work): Promise<Verdict> {
  if (!done) return { holds: false, why: "there is no way to see it" };
  return persist(patienceMs, () => ask(done, transport));
}

/** How often it was announced. */
export const attemptsOf = ({ id }: Step, { journal }: Work): number =>
  journal.records().filter((record) => record.kind === "intent" && record.step === id).length;

/**
 * Of a step that was announced, and of which nobody heard how it ended. False: it did not happen, or may happen again.
 * The host's own record of a job is asked by `runJob`, which finds it again.
 */
async function wasDone(step: Step, work: Work): Promise<boolean> {
  switch (step.kind) {
    case "run":
    case "wait":
    case "upload":
    case "put-back":
      return false;
    case "edit":
      return (await stateOfEdit(step)) === "after";
    case "local":
      return isDoneOrRepeatable(step, work, "we were cut off while it ran");
    default:
      return step satisfies never;
  }
}

const mostAttempts = 3;

/** Throws `InDoubt` when it may have happened, must not happen twice, and nobody said that it did not. */
async function isDoneOrRepeatable(step: Step, work: Work, why: string): Promise<boolean> {
  const { journal, plan } = work;
  const verdict = await isDone(step, work);
  if (verdict.holds) return true;
  if (toOperation(journal.records())?.decided.get(step.id) === "was-not-done") return false;
  if (verdict.isUnknown)
    throw new InDoubt(
      `Whether “${step.title}” happened is not known: ${why}, and what would show it does not answer: ${verdict.why}`,
      { hint: `Once it answers: scrap resume ${plan.id}` },
    );
  // What is cut off again and again may be what cuts it off.
  if (step.again === "safe" && attemptsOf(step, work) < mostAttempts) return false;
  throw new InDoubt(`Nobody can know whether “${step.title}” happened: ${why}.`, {
    hint: `Look, and then: scrap resume ${plan.id} --was-done ${step.id}, or --was-not-done ${step.id}`,
  });
}

async function doIt(step: Step, work: Work): Promise<void> {
  const { transport, plan, patienceMs } = work;
  switch (step.kind) {
    case "run":
      return doRun(step, work);
    case "wait":
      return waitUntil(step, work);
    case "upload": {
      const text = await readSource(step);
      const { id, path, mode, owner = "root:root" } = step;
      const upload = { operation: plan.id, step: id, path, mode, owner, text };
      return persist(patienceMs, () => uploadFile(transport.link(step.host), upload));
    }
    case "put-back":
      return persist(patienceMs, () => putBackFile(transport.link(step.host), plan.id, step.of, step.path));
    case "edit": {
      if ((await stateOfEdit(step)) === "after") return;
      return makeEdit(step);
    }
    case "local":
      return runLocally(step, work);
    default:
      return step satisfies never;
  }
}

async function doRun(step: RunStep, work: Work): Promise<void> {
  for (;;) {
    const end = await runJob(step, attemptsOf(step, work), work);
    if (end.word === "lost" && work.asked() !== "walk-back") {
      if (await isDoneOrRepeatable(step, work, end.why)) return;
      announce(step, work);
      continue;
    }
    const tail = lastLines(end.output);
    if (tail !== "") work.journal.append({ kind: "observed", step: step.id, text: tail });
    return judge(step, end);
  }
}
