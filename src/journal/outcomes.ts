import { effects, type Step } from "../plan/plan.ts";
import { allSteps, type Operation } from "./operation.ts";

const interrupts = ({ effect }: Step) => effects.indexOf(effect) >= effects.indexOf("interrupts");

/**
 * From the first step that took its services down until they were well again, as the steps themselves tell; ms since
 * the epoch. Undefined where nothing was taken down.
 */
export function downtimeOf({ plan, steps }: Operation): readonly [from: number, to: number] | undefined {
  const known = allSteps(plan).flatMap((step) => {
    const state = steps.get(step.id);
    const wasDone = state && !(state.word === "done" && state.already);
    return wasDone
      ? [{ step, at: Date.parse(state.at), begunAt: Date.parse(state.begunAt ?? state.at) }]
      : [];
  });
  const down = known.filter(({ step }) => interrupts(step));
  if (down.length === 0) return undefined;
  const from = Math.min(...down.map(({ begunAt }) => begunAt));
  const last = Math.max(...down.map(({ at }) => at));
  // While it has to stay well it is up.
  const well = known.flatMap(({ step, at, begunAt }) =>
    step.kind === "wait" && begunAt >= last ? [Math.max(begunAt, at - (step.steadyMs ?? 0))] : [],
  );
  return [from, well.length === 0 ? last : Math.min(...well)];
}

/** When a backup was begun that is in that repository now, which its own listing told. RFC 3339. */
export function backedUpAt({ plan, steps, ended }: Operation, repositoryWord: string): string | undefined {
  if (plan.operation !== "backup" || ended?.outcome !== "done") return undefined;
  const made = plan.steps.filter(({ id }) => new RegExp(`^(?:\\d+-)?${repositoryWord}-backup$`).test(id));
  const times = made.map(({ id }) => steps.get(id)?.begunAt ?? "");
  return times.toSorted()[0] || undefined;
}
