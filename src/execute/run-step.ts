import { CommandFailed, InDoubt, Refused } from "../errors.ts";
import { allSteps, toOperation } from "../journal/operation.ts";
import type { PutBackStep, RunStep, Step } from "../plan/plan.ts";
import { announce } from "./announce.ts";
import { ask, type Verdict } from "./checks.ts";
import { catchUp, followersOf, layDown, type Member, untilBack, wasDoneThere } from "./hand-over.ts";
import type { Work } from "./hands.ts";
import { putBackFile, takeAwayFile, uploadFile } from "./host-files.ts";
import { makeEdit, readSource, stateOfEdit } from "./own-files.ts";
import { persist } from "./persist.ts";
import { judge, lastLines, runJob } from "./run-job.ts";
import { runLocally } from "./run-locally.ts";
import { runTransfer } from "./run-transfer.ts";
import { attemptsOf } from "./story.ts";
import { waitUntil } from "./wait-until.ts";

/**
 * Takes one step, or finds out what became of it when it was begun before. Resolves when it is done and was checked;
 * rejects with why it is not. `InDoubt` when nobody can know.
 */
export async function takeStep(step: Step, work: Work): Promise<void> {
  const { journal } = work;
  await catchUp(step, work);
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
    if (step.kind !== "wait" && (await wasSoBefore(step, work)))
      return journal.append({ kind: "done", step: step.id, already: true });
  }
  const followers = before === undefined && step.kind === "run" ? await findFollowers(step, work) : [];
  if (before?.word !== "begun" || attemptsOf(step, work) === 0) announce(step, work, followers);
  try {
    if (step.kind === "run" && followers.length > 0) await layDown([step, ...followers], work);
    const isSeen = step.kind === "run" ? await doRun(step, work) : await doIt(step, work);
    const verdict = isSeen === true ? undefined : await isDone(step, work);
    if (verdict && !verdict.holds && step.done) throw new CommandFailed(`${step.title}: ${verdict.why}`);
  } catch (error) {
    throw error instanceof CommandFailed ? await explained(error, step, work) : error;
  }
  journal.note({ kind: "done", step: step.id });
}

/** Those whose effect is there already are none of them, nor what comes after these. */
async function findFollowers(step: RunStep, work: Work): Promise<readonly Member[]> {
  const all = followersOf(step, work);
  const verdicts = await Promise.all(all.map((each) => each.kind !== "wait" && wasSoBefore(each, work)));
  const isThere = verdicts.indexOf(true);
  return untilBack(isThere < 0 ? all : all.slice(0, isThere));
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

/** Nothing has to be done for it. That something is other than it was is no work of ours before we began: what loops changes by itself. */
async function wasSoBefore(step: Step, work: Work): Promise<boolean> {
  if (step.done?.kind === "command" && "stdoutNot" in step.done.expect) return false;
  return (await isDone(step, work)).holds;
}

async function isDone({ done }: Step, { transport, patienceMs }: Work): Promise<Verdict> {
  if (!done) return { holds: false, why: "there is no way to see it" };
  return persist(patienceMs, () => ask(done, transport));
}

const cutOff =
  "We were cut off while it ran, and it ended with us: it begins anew. A playbook does not call the handlers again that were due.\n";

/**
 * Of a step that was announced, and of which nobody heard how it ended. False: it did not happen, or may happen again.
 * The host's own record of a job is asked by `runJob`, which finds it again.
 */
async function wasDone(step: Step, work: Work): Promise<boolean> {
  switch (step.kind) {
    case "run":
    case "take-away":
    case "transfer":
    case "put-back":
      return false;
    case "wait":
    case "upload":
      return wasDoneThere(step, work);
    case "edit":
      return (await stateOfEdit(step)) === "after";
    case "local":
      if (await isDoneOrRepeatable(step, work, "we were cut off while it ran")) return true;
      announce(step, work);
      work.onOutput(step.id, cutOff);
      return false;
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

async function doIt(step: Exclude<Step, RunStep>, work: Work): Promise<void> {
  const { transport, plan, patienceMs } = work;
  switch (step.kind) {
    case "transfer":
      return runTransfer(step, work);
    case "wait":
      return waitUntil(step, work);
    case "upload": {
      const text = await readSource(step);
      const { id, path, mode, owner = "root:root" } = step;
      const upload = { operation: plan.id, step: id, path, mode, owner, text };
      return persist(patienceMs, () => uploadFile(transport.link(step.host), upload));
    }
    case "take-away": {
      const { id, path } = step;
      return persist(patienceMs, () => takeAwayFile(transport.link(step.host), plan.id, id, path));
    }
    case "put-back":
      return persist(patienceMs, () => putBackFile(transport.link(step.host), toPutBack(step, work)));
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

function toPutBack({ id, of, path }: PutBackStep, { plan, journal }: Work) {
  const upload = allSteps(plan).find((step) => step.id === of);
  const sha256 = upload?.kind === "upload" ? upload.sha256 : "";
  const isSure = toOperation(journal.records())?.steps.get(of)?.word === "done";
  return { operation: plan.id, step: id, of, path, sha256, isSure };
}

/** True where it was seen already that it is done. */
async function doRun(step: RunStep, work: Work): Promise<boolean> {
  for (;;) {
    const end = await runJob(step, attemptsOf(step, work), work);
    const isCancelled = end.word === "lost" && end.cancelled !== undefined;
    if (end.word === "lost" && (end.isGone || !isCancelled) && work.asked() !== "walk-back") {
      const why = isCancelled ? `${end.cancelled}: ${end.why}` : end.why;
      if (await isDoneOrRepeatable(step, work, why)) return true;
      // What we ended ourselves is not begun again: it would be late once more.
      if (!isCancelled) {
        announce(step, work);
        continue;
      }
    }
    const tail = lastLines(end.output);
    if (tail !== "") work.journal.note({ kind: "observed", step: step.id, text: tail });
    judge(step, end);
    return end.word === "finished" && end.isChecked === true;
  }
}
