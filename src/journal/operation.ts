import type { Plan, Step } from "../plan/plan.ts";
import type { Decision, JournalRecord, Origin, Outcome, Wish } from "./record.ts";

/** What a journal tells of a step. `begun`: it was announced, and nobody heard how it ended. */
export type StepState = { readonly at: string /** When it was announced. */; readonly begunAt?: string } & (
  | { readonly word: "begun"; readonly isClaimed: boolean }
  | { readonly word: "done"; readonly already: boolean }
  | { readonly word: "failed"; readonly why: string; readonly isWarning: boolean }
);

/** An operation as its journal tells it. */
export interface Operation {
  readonly plan: Plan;
  readonly by: Origin;
  /** Of what a host did again and again, its last run. */
  readonly startedAt: string;
  readonly steps: ReadonlyMap<string, StepState>;
  /** Why it is on its way back. */
  readonly turnedBack?: string;
  /** What was asked of it last. */
  readonly asked?: Wish;
  /** What a person said of steps in doubt. */
  readonly decided: ReadonlyMap<string, Decision>;
  /** Somebody wants it to go on from where it ended, whatever others changed since. */
  readonly goesAnyway: boolean;
  readonly ended?: {
    readonly outcome: Outcome;
    readonly message: string;
    readonly at: string;
    readonly basis?: readonly string[];
  };
}

/** Reads the story of an operation from its journal, which begins with the plan. */
export function toOperation(records: readonly JournalRecord[]): Operation | undefined {
  const [first] = records;
  if (first?.kind !== "plan") return undefined;
  const steps = new Map<string, StepState>();
  const decided = new Map<string, Decision>();
  let turnedBack: string | undefined;
  let asked: Wish | undefined;
  let goesAnyway = false;
  let ended: Operation["ended"];
  let startedAt = first.at;
  const begun = (step: string) => {
    const begunAt = steps.get(step)?.begunAt;
    return begunAt === undefined ? {} : { begunAt };
  };
  for (const record of records) {
    const { at } = record;
    switch (record.kind) {
      case "intent":
        steps.set(record.step, { word: "begun", isClaimed: false, at, begunAt: at });
        // It was said of the time before.
        decided.delete(record.step);
        break;
      case "started":
        steps.set(record.step, { word: "begun", isClaimed: true, at, ...begun(record.step) });
        break;
      case "done":
        steps.set(record.step, { word: "done", already: record.already === true, at, ...begun(record.step) });
        break;
      case "failed":
        steps.set(record.step, {
          word: "failed",
          why: record.why,
          isWarning: record.isWarning === true,
          at,
          ...begun(record.step),
        });
        break;
      case "turned-back":
        turnedBack = record.why;
        break;
      case "decided":
        if (record.step !== undefined) decided.set(record.step, record.what);
        else if (record.what === "stop" || record.what === "walk-back") asked = record.what;
        else if (record.what === "anyway") goesAnyway = true;
        break;
      case "driving":
        // Who goes on with what was stopped has changed their mind. Whoever cancelled it has not.
        if (asked === "stop") asked = undefined;
        ended = undefined;
        break;
      case "ended": {
        const { outcome, message, basis, run } = record;
        ended = { outcome, message, at: run?.endedAt ?? at, ...(basis ? { basis } : {}) };
        startedAt = run?.startedAt ?? startedAt;
        goesAnyway = false;
        // It came as far as was wanted: what is wanted of it next is said anew.
        if (outcome === "stopped" || outcome === "failed") asked = undefined;
        break;
      }
      case "plan":
      case "observed":
        break;
      default:
        record satisfies never;
    }
  }
  return {
    plan: first.plan,
    by: first.by,
    startedAt,
    steps,
    decided,
    goesAnyway,
    ...(turnedBack === undefined ? {} : { turnedBack }),
    ...(asked === undefined ? {} : { asked }),
    ...(ended === undefined ? {} : { ended }),
  };
}

/** Of `step`, and of the steps of its way back, in the order in which they may stand in a journal. */
export const withUndo = (step: Step): readonly Step[] => [step, ...(step.undo ?? []).flatMap(withUndo)];

/** Every step of a plan, those of the way back too. */
export const allSteps = ({ steps }: Plan): readonly Step[] => steps.flatMap(withUndo);
