import { isWhyNot, type Steps } from "../backends/verbs.ts";
import { Refused } from "../errors.ts";
import type { RunStep, Step } from "../plan/plan.ts";
import { withPrefix } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import { type Consistency, toTagWord } from "../plan/snapshot-tag.ts";
import { deadManOn } from "./dead-man.ts";
import type { Ground } from "./ground.ts";
import { healthGate } from "./health-gate.ts";
import { hookSteps } from "./hooks.ts";
import type { Target } from "./target.ts";

/** How the data of a service is brought to rest, and wakes again. */
export interface Rest {
  readonly consistency: Consistency;
  /** The way back wakes it. */
  readonly begin: readonly Step[];
  readonly end: readonly Step[];
  readonly notes: readonly string[];
}

// Who declares no time means a moment: should we vanish, it is at rest for that long.
const hookTimeoutMs = 60_000;
const spareMs = 30_000;

/** As its owner declared it: by hooks, by being stopped, or not at all. */
export function* bringToRest(target: Target, ground: Ground): Planning<Rest> {
  const { service, host, name } = target;
  const after = hookSteps("afterSnapshot", target, ground).map(toCertain);
  const before = hookSteps("beforeSnapshot", target, ground).map((step) => ({
    ...step,
    timeoutMs: service?.hooks.beforeSnapshot?.timeoutMs ?? hookTimeoutMs,
    undo: toWayBack(after),
  }));
  const isStopped = service?.snapshots?.while === "stopped";
  const { stop, start } = isStopped ? yield* stopAndStart(target, ground) : { stop: [], start: [] };
  const begin = [...before, ...stop];
  const wake = [...start, ...after];
  const well =
    start.length > 0 ? [healthGate("well", target, ground, { steadyMs: 3_000, timeoutMs: 60_000 })] : [];
  const consistency = before.length > 0 ? "app-consistent" : isStopped ? "quiesced" : "crash-consistent";
  const [first] = wake;
  if (!first || begin.length === 0) return { consistency, begin, end: wake, notes: [] };
  const longMs = begin.reduce((sum, { timeoutMs }) => sum + timeoutMs, spareMs);
  const unit = `${ground.id}-${toTagWord(name)}`.slice(0, 200);
  const deadMan = yield* deadManOn(host, unit, first.command, longMs);
  if (!deadMan)
    return {
      consistency,
      begin,
      end: [...wake, ...well],
      notes: [`${host} has no systemd: should we vanish, ${name} stays at rest until scrap resume.`],
    };
  const { arm, see, disarm } = deadMan;
  return {
    consistency,
    begin: [{ ...arm, undo: [disarm("undo-disarm")] }, ...begin],
    end: [{ ...see, commit: true }, ...wake, disarm("disarm"), ...well],
    notes: [],
  };
}

const toWayBack = (steps: readonly RunStep[]): readonly Step[] =>
  withPrefix("undo", steps).map((step) => ({ ...step, again: "safe" }));

/** That it failed is no warning: what was brought to rest may still be. */
const toCertain = ({ optional: _, ...step }: RunStep): RunStep => step;

interface StopAndStart {
  readonly stop: readonly RunStep[];
  readonly start: readonly RunStep[];
}

function* stopAndStart({ main, backend, host, name, known }: Target, ground: Ground): Planning<StopAndStart> {
  // What is stopped is at rest, and stays so.
  if (known?.runsOn.length === 0) return { stop: [], start: [] };
  if (!main || !backend?.lifecycle)
    throw new Refused(`${name} on ${host} cannot be stopped for its snapshot.`, {
      hint: "`snapshots.while: stopped` in the inventory asks for it.",
    });
  const stop = toRuns(yield* backend.lifecycle.stop(main, host), ground);
  const start = toRuns(yield* backend.lifecycle.start(main, host), ground);
  return { stop: stop.map((step, at) => (at === 0 ? { ...step, undo: toWayBack(start) } : step)), start };
}

function toRuns(steps: Steps, { id }: Ground): readonly RunStep[] {
  if (isWhyNot(steps)) throw new Refused(steps.whyNot, { hint: steps.hint });
  return steps.map((step) => {
    if (step.kind !== "run") throw new TypeError(`${id}: stopping and starting is more than commands.`);
    return step;
  });
}
