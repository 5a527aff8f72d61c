import { Failure, InDoubt, Refused } from "../errors.ts";
import type { Step } from "../plan/plan.ts";
import type { Result } from "./carry-out.ts";
import { turnBack } from "./go-back.ts";
import { isHandedOver } from "./hand-over.ts";
import type { Work } from "./hands.ts";
import { LivesOn } from "./run-job.ts";
import { takeStep } from "./run-step.ts";
import { isCommitted, isLost, stateOf, toMessage, touchedBy } from "./story.ts";

/** Takes the steps that are left, in order, until one fails or a person wants something else. */
export async function goForward(work: Work): Promise<Result> {
  const { plan } = work;
  for (const step of plan.steps) {
    if (!isLeft(step, work)) continue;
    const wish = work.asked();
    // What was begun is seen to its end first; so is the point of no return: on which side of it are we?
    const isBegun = stateOf(work).steps.get(step.id)?.word === "begun" || isHandedOver(step, work);
    const leadsBack = !isCommitted(work) && !(isBegun && hasNoHalfWay(step));
    if (wish === "walk-back" && leadsBack) return turnBack("It was cancelled.", work);
    if (wish !== undefined && !isBegun) return stopBefore(step, work);
    try {
      await takeStep(step, hasNoHalfWay(step) ? { ...work, asked: () => undefined } : work);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const result = await afterFailure(step, error, work);
      if (result) return result;
    }
  }
  return { outcome: "done", message: `${plan.title}: done.` };
}

/** The point of no return is not left half-way; what only waits there has not passed it before its end. */
const hasNoHalfWay = ({ commit, kind }: Step): boolean => commit === true && kind !== "wait";

function isLeft({ id }: Step, work: Work): boolean {
  const state = stateOf(work).steps.get(id);
  return !(state?.word === "done" || (state?.word === "failed" && state.isWarning));
}

function stopBefore({ title }: Step, work: Work): Result {
  return touchedBy(work).length === 0
    ? { outcome: "unchanged", message: "Stopped before anything was changed." }
    : { outcome: "stopped", message: `Stopped before “${title}”.` };
}

/** Undefined: it goes on. */
async function afterFailure(step: Step, error: Failure, work: Work): Promise<Result | undefined> {
  const { plan, journal } = work;
  const why = toMessage(error);
  // The job may go on there: nothing is said of it until the host answers again.
  if (isLost(error)) return { outcome: "in-doubt", message: `${why}\nscrap resume ${plan.id}` };
  const isCancelled = work.asked() === "walk-back";
  const staysInDoubt = error instanceof LivesOn || step.commit || !(isCancelled || step.optional);
  if (error instanceof InDoubt && staysInDoubt) return { outcome: "in-doubt", message: why };
  const isWarning = step.optional ? { isWarning: true as const } : {};
  journal.append({ kind: "failed", step: step.id, why, ...isWarning });
  if (step.optional) return undefined;
  const isPastReturn = isCommitted(work);
  if (isCancelled && isPastReturn)
    return { outcome: "stopped", message: `${why}\nNothing leads back from here.` };
  if (isCancelled) return turnBack("It was cancelled.", work);
  if (touchedBy(work).length === 0)
    return { outcome: error instanceof Refused ? "refused" : "unchanged", message: why };
  if (plan.onFailure === "walk-back" && !isPastReturn) return turnBack(why, work);
  // What came of it is known: whoever mends it must not be kept out.
  return { outcome: "failed", message: `${why}\nscrap resume ${plan.id} tries that step again.` };
}
