import { type Check, type Step, withPrefix } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import type { Ground } from "./ground.ts";
import { healthGate } from "./health-gate.ts";
import { hookSteps } from "./hooks.ts";
import { orRefuse } from "./refusing.ts";
import type { Target } from "./target.ts";

/** Stops it, changes its data, starts it, and sees that it is well: only then there is no way back any more. */
export function* aroundStop(
  target: Target,
  change: readonly Step[],
  ground: Ground,
  needs: readonly Check[] = [],
): Planning<readonly Step[]> {
  const { main, backend, host } = target;
  if (!main || !backend?.lifecycle) {
    const last = change.at(-1);
    return last ? [...change.slice(0, -1), { ...last, commit: true }] : [];
  }
  const { lifecycle } = backend;
  const stop = orRefuse(yield* lifecycle.stop(main, host));
  const start = orRefuse(yield* lifecycle.start(main, host));
  return [
    ...hookSteps("beforeStop", target, ground),
    ...undoneBy(stop, withPrefix("undo", start)),
    ...change,
    ...undoneBy(start, withPrefix("undo", stop)).map(
      (step): Step => ({ ...step, needs: [...needs, ...(step.needs ?? [])] }),
    ),
    { ...healthGate("well", target, ground, { steadyMs: 3_000, timeoutMs: 60_000 }), commit: true },
    ...hookSteps("afterStart", target, ground),
  ];
}

/** How it is seen not to run where it was. */
export function* isStopped({ main, backend, host }: Target): Planning<readonly Check[]> {
  if (!main || !backend?.lifecycle) return [];
  return orRefuse(yield* backend.lifecycle.stop(main, host)).flatMap(({ done }) => done ?? []);
}

/** The way back of all of them at the first: it is walked last. */
const undoneBy = ([first, ...others]: readonly Step[], undo: readonly Step[]): readonly Step[] =>
  first ? [{ ...first, undo: [...undo, ...(first.undo ?? [])] }, ...others] : [];
