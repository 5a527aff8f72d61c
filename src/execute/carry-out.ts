import { Failure, InDoubt, Refused, TimedOut, UnreachableError } from "../errors.ts";
import { type Operation, toOperation, withUndo } from "../journal/operation.ts";
import type { Outcome } from "../journal/record.ts";
import type { Basis, Plan, Step } from "../plan/plan.ts";
import type { Hands, Work } from "./hands.ts";
import { lockHost, unlockHost } from "./host-work.ts";
import { digestOf } from "./own-files.ts";
import { persist } from "./persist.ts";
import { takeStep } from "./run-step.ts";

export interface Result {
  readonly outcome: Outcome;
  readonly message: string;
}

/**
 * Carries out the plan of a journal, or what is left of it: starting and resuming are the same. Resolves with how it
 * ended, which is then in the journal; a bug is thrown, and a lost host that does not come back.
 */
export async function carryOut(hands: Hands): Promise<Result> {
  const { journal } = hands;
  const operation = stateOf(hands);
  const { plan } = operation;
  if (operation.ended && !isOpenEnd(operation.ended.outcome)) return operation.ended;
  const work: Work = { ...hands, plan };
  journal.append({ kind: "driving", pid: process.pid });
  const end = (outcome: Outcome, message: string): Result => {
    journal.append({ kind: "ended", outcome, message });
    return { outcome, message };
  };
  try {
    if (operation.steps.size === 0) await checkBasis(plan, work);
    await lockAll(plan, work);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (operation.steps.size > 0) return end("in-doubt", toMessage(error));
    return end(error instanceof Refused ? "refused" : "unchanged", toMessage(error));
  }
  const result = operation.turnedBack === undefined ? await goForward(work) : await goBack(work);
  // Whoever has to look at it must find it as it was left.
  if (result.outcome !== "in-doubt") await unlockAll(plan, work);
  return end(result.outcome, result.message);
}

/** It may go on from there. */
const isOpenEnd = (outcome: Outcome): boolean => outcome === "in-doubt" || outcome === "stopped";

function stateOf({ journal }: Hands): Operation {
  const operation = toOperation(journal.records());
  if (!operation) throw new InDoubt("The journal does not begin with a plan.");
  return operation;
}

async function goForward(work: Work): Promise<Result> {
  const { plan, journal } = work;
  for (const step of plan.steps) {
    const asked = work.asked();
    if (asked !== undefined) journal.append({ kind: "decided", what: asked, by: stateOf(work).by });
    if (asked === "walk-back") return turnBack("it was cancelled", work);
    if (asked === "stop" && isLeft(step, work)) {
      const isUntouched = !changedAnything(work);
      return isUntouched
        ? { outcome: "unchanged", message: "Stopped before anything was changed." }
        : { outcome: "stopped", message: `Stopped before “${step.title}”.` };
    }
    try {
      await takeStep(step, work);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const why = toMessage(error);
      // The job may go on there: nothing is said of it until the host answers again.
      if (isLost(error)) return { outcome: "in-doubt", message: `${why}\nscrap resume ${plan.id}` };
      if (error instanceof InDoubt && work.asked() !== "walk-back")
        return { outcome: "in-doubt", message: why };
      journal.append({
        kind: "failed",
        step: step.id,
        why,
        ...(step.optional ? { isWarning: true as const } : {}),
      });
      if (step.optional) continue;
      if (!changedAnything(work))
        return { outcome: error instanceof Refused ? "refused" : "unchanged", message: why };
      if (error instanceof InDoubt && work.asked() !== "walk-back")
        return { outcome: "in-doubt", message: why };
      if (plan.onFailure === "walk-back" && !isCommitted(work)) return turnBack(why, work);
      return { outcome: "in-doubt", message: why };
    }
  }
  return { outcome: "done", message: `${plan.title}: done.` };
}

const isLeft = ({ id }: Step, work: Work) => stateOf(work).steps.get(id)?.word !== "done";

const isCommitted = (work: Work) =>
  work.plan.steps.some(({ id, commit }) => commit && stateOf(work).steps.get(id)?.word === "done");

/** Was a step begun that does more than look? */
const changedAnything = (work: Work): boolean => {
  const { steps } = stateOf(work);
  return work.plan.steps.some(({ id, effect }) => {
    const state = steps.get(id);
    if (effect === "reads" || state === undefined) return false;
    return state.word === "done" ? !state.already : wasAnnounced(id, work);
  });
};

const wasAnnounced = (id: string, { journal }: Work) =>
  journal.records().some((record) => record.kind === "intent" && record.step === id);

async function turnBack(why: string, work: Work): Promise<Result> {
  work.journal.append({ kind: "turned-back", why });
  return goBack(work);
}

/** Undoes what was done, the last first. What was so before us is left as it was. */
async function goBack(work: Work): Promise<Result> {
  const { plan, journal } = work;
  const { steps, turnedBack = "" } = stateOf(work);
  const touched = plan.steps.filter(({ id }) => {
    const state = steps.get(id);
    return state?.word === "done" ? !state.already : wasAnnounced(id, work);
  });
  // A way back is not turned around once more.
  const onward: Work = { ...work, asked: () => undefined };
  const kept: string[] = [];
  for (const step of touched.toReversed().flatMap(({ undo = [] }) => undo)) {
    try {
      await takeStep(step, onward);
      kept.push(...(step.keeps ?? []));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const why = toMessage(error);
      if (!isLost(error) && !(error instanceof InDoubt))
        journal.append({
          kind: "failed",
          step: step.id,
          why,
          ...(step.optional ? { isWarning: true as const } : {}),
        });
      if (step.optional) continue;
      return {
        outcome: "in-doubt",
        message: `${turnedBack}\nThe way back failed too, at “${step.title}”: ${why}${toKept(kept)}`,
      };
    }
  }
  return {
    outcome: "walked-back",
    message: `${turnedBack}\nAll that was changed was put back.${toKept(kept)}`,
  };
}

const toKept = (kept: readonly string[]): string =>
  kept.length === 0 ? "" : `\nKept, until you take it away: ${kept.join(", ")}`;

/** Throws `Refused` that names each field that is another one now. */
async function checkBasis({ basis }: Plan, work: Work): Promise<void> {
  const moved = await Promise.all(basis.map((field) => differenceIn(field, work)));
  const differences = moved.filter((difference) => difference !== undefined);
  if (differences.length === 0) return;
  throw new Refused(
    `The world has moved since it was planned:\n${differences.map((d) => `  ${d}`).join("\n")}`,
    {
      hint: "Plan it again.",
    },
  );
}

async function differenceIn(field: Basis, { transport, patienceMs }: Work): Promise<string | undefined> {
  if (field.kind === "file") {
    const now = await digestOf(field.file);
    return now === field.sha256 ? undefined : `${field.title}: ${field.file} was changed`;
  }
  const { stdout } = await persist(patienceMs, () => transport.link(field.host).ask(field.command));
  const now = stdout.trim();
  return now === field.stdout
    ? undefined
    : `${field.title} on ${field.host} was ${field.stdout}, is ${now || "gone"}`;
}

/** In sorted order, all or none. */
async function lockAll({ id, title, hosts }: Plan, work: Work): Promise<void> {
  const taken: string[] = [];
  try {
    for (const host of [...hosts].sort()) {
      await persist(work.patienceMs, () => lockHost(work.transport.link(host), id, work.owner, title));
      taken.push(host);
    }
  } catch (error) {
    if (stateOf(work).steps.size === 0)
      for (const host of taken) await unlockHost(work.transport.link(host), id).catch(() => {});
    throw error;
  }
}

/** That a lock stays is said by whoever meets it next. */
async function unlockAll({ id, hosts }: Plan, { transport, patienceMs }: Work): Promise<void> {
  for (const host of hosts)
    await persist(patienceMs, () => unlockHost(transport.link(host), id)).catch((error) => {
      if (!(error instanceof Failure)) throw error;
    });
}

const isLost = (error: Failure) => error instanceof UnreachableError || error instanceof TimedOut;

const toMessage = ({ message, hint }: Failure): string =>
  hint === undefined ? message : `${message}\n${hint}`;

/** Every step of a plan, those of the way back too. */
export const allSteps = ({ steps }: Plan): readonly Step[] => steps.flatMap(withUndo);
