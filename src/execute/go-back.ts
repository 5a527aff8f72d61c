import { Failure, InDoubt } from "../errors.ts";
import type { Step } from "../plan/plan.ts";
import type { Result } from "./carry-out.ts";
import { takeBack } from "./hand-over.ts";
import type { Work } from "./hands.ts";
import { quell } from "./run-job.ts";
import { takeStep } from "./run-step.ts";
import { attemptsOf, begunBy, isLost, stateOf, toMessage, touchedBy } from "./story.ts";

/** From here on it goes back, whoever goes on with it. */
export async function turnBack(why: string, work: Work): Promise<Result> {
  work.journal.append({ kind: "turned-back", why });
  return goBack(work);
}

/** Undoes what was done, the last first. What was so before us is left as it was. */
export async function goBack(work: Work): Promise<Result> {
  const { turnedBack = "" } = stateOf(work);
  const kept: string[] = [];
  const left: string[] = [];
  // A way back is not turned around once more.
  const onward: Work = { ...work, asked: () => undefined };
  let touched: readonly Step[] = [];
  let at = work.plan.title;
  try {
    await takeBack(onward);
    touched = touchedBy(work);
    // A step that only looks may hold the way back of all that comes after it.
    const begun = touched.length === 0 ? [] : begunBy(work);
    for (const step of touched) {
      at = step.title;
      await endWhatRuns(step, onward);
    }
    for (const step of begun.toReversed().flatMap(({ undo = [] }) => undo)) {
      at = step.title;
      if (!(await undo(step, onward))) left.push(`“${step.title}”`);
      kept.push(...(step.keeps ?? []));
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const again = isLost(error) ? `\nscrap resume ${work.plan.id}` : "";
    return {
      outcome: "in-doubt",
      message: `${turnedBack}\nThe way back failed too, at “${at}”: ${toMessage(error)}${toKept(kept)}${again}`,
    };
  }
  const { outcome, message } = toResult(turnedBack, touched, work);
  return { outcome, message: `${message}${toLeft(left)}${toKept(kept)}` };
}

const toKept = (kept: readonly string[]): string =>
  kept.length === 0 ? "" : `\nKept, until you take it away: ${kept.join(", ")}`;

const toLeft = (left: readonly string[]): string =>
  left.length === 0 ? "" : `\nOf the way back this did not work: ${left.join(", ")}`;

/** Of a step that was cut off the job may still run, or begin late: nothing is undone beside it. */
async function endWhatRuns(step: Step, work: Work): Promise<void> {
  if (step.kind !== "run" || stateOf(work).steps.get(step.id)?.word !== "begun") return;
  await quell(step, attemptsOf(step, work), work);
  work.journal.append({ kind: "failed", step: step.id, why: `${step.title}: it was cut off and cancelled` });
}

/** False where it failed and the way goes on without it. */
async function undo(step: Step, work: Work): Promise<boolean> {
  try {
    await takeStep(step, work);
    return true;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (!isLost(error) && (step.optional || !(error instanceof InDoubt))) {
      const isWarning = step.optional ? { isWarning: true as const } : {};
      work.journal.append({ kind: "failed", step: step.id, why: toMessage(error), ...isWarning });
      if (step.optional) return false;
    }
    throw error;
  }
}

/** A plan that does not walk back by itself may have steps that nothing undoes: then it is not as it was. */
function toResult(why: string, touched: readonly Step[], { plan }: Work): Result {
  if (touched.length === 0) return { outcome: "unchanged", message: `${why}\nNothing was changed.` };
  // An empty way back: it leaves nothing behind.
  const stays = touched.filter(({ undo }) => undo === undefined).map(({ title }) => `“${title}”`);
  if (stays.length === 0)
    return { outcome: "walked-back", message: `${why}\nAll that was changed was put back.` };
  return {
    outcome: plan.onFailure === "walk-back" ? "walked-back" : "stopped",
    message: `${why}\nNothing leads back from ${stays.join(", ")}: that stays${
      stays.length < touched.length ? "; all else was put back" : ""
    }.`,
  };
}
