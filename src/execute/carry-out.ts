import { Failure, Refused } from "../errors.ts";
import type { Operation } from "../journal/operation.ts";
import type { Outcome, Wish } from "../journal/record.ts";
import { checkBasis, checkLeft, readBasis } from "./check-basis.ts";
import { goBack, turnBack } from "./go-back.ts";
import { goForward } from "./go-forward.ts";
import type { Hands, Work } from "./hands.ts";
import { lockAll, unlockAll } from "./hold-hosts.ts";
import { isCommitted, isOpenEnd, stateOf, toMessage } from "./story.ts";

export interface Result {
  readonly outcome: Outcome;
  readonly message: string;
}

/** A host that does not answer before anything was begun is not waited for: it is better planned again. */
const firstPatienceMs = 30_000;

/**
 * Carries out the plan of a journal, or what is left of it: starting and resuming are the same. Resolves with how it
 * ended, which is then in the journal. A bug is thrown, and that the journal cannot be written.
 */
export async function carryOut(hands: Hands): Promise<Result> {
  const { journal } = hands;
  const operation = stateOf(hands);
  const { plan } = operation;
  if (operation.ended && !isOpenEnd(operation.ended.outcome)) return operation.ended;
  const work: Work = { ...hands, plan, asked: () => wishOf(hands) };
  journal.append({ kind: "driving", pid: process.pid });
  const end = (outcome: Outcome, message: string, basis?: readonly string[]): Result => {
    journal.append({ kind: "ended", outcome, message, ...(basis ? { basis } : {}) });
    return { outcome, message };
  };
  const isNew = operation.steps.size === 0;
  try {
    const first = isNew ? { ...work, patienceMs: Math.min(work.patienceMs, firstPatienceMs) } : work;
    const changes = await lockAll(plan, first);
    // Not before: who had the hosts may have changed it.
    await (isNew ? checkBasis(plan, first) : checkLeft(operation, changes, first));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { ended } = operation;
    // What is in doubt keeps what it holds.
    if (isNew || isGivenBack(ended?.outcome)) await unlockAll(plan, { ...work, patienceMs: 0 });
    if (isNew) return end(error instanceof Refused ? "refused" : "unchanged", toMessage(error));
    return end(ended?.outcome ?? "in-doubt", `${toMessage(error)}\nscrap resume ${plan.id}`, ended?.basis);
  }
  const result = await goOn(operation, work);
  const basis = isGivenBack(result.outcome) ? await readBasis(plan, work) : undefined;
  // Whoever has to look at it must find it as it was left.
  if (result.outcome !== "in-doubt") await unlockAll(plan, work);
  return end(result.outcome, result.message, basis);
}

/** It may go on from there, and meanwhile its hosts are free. */
const isGivenBack = (outcome: Outcome | undefined): boolean => outcome === "stopped" || outcome === "failed";

function goOn(operation: Operation, work: Work): Promise<Result> {
  if (operation.turnedBack !== undefined) return goBack(work);
  const failed = [...operation.steps.values()].find((step) => step.word === "failed" && !step.isWarning);
  // It was cut off between the two: what failed is not tried again where the plan says that it goes back.
  const isTurning = operation.ended === undefined && operation.plan.onFailure === "walk-back";
  if (failed?.word === "failed" && isTurning && !isCommitted(work)) return turnBack(failed.why, work);
  return goForward(work);
}

/** What a person wants now. It is written down, so that whoever goes on with it knows. */
function wishOf(hands: Hands): Wish | undefined {
  const { asked: before, by } = stateOf(hands);
  const now = hands.asked();
  if (before === "walk-back" || now === undefined) return before;
  if (now !== before) hands.journal.append({ kind: "decided", what: now, by });
  return now;
}
