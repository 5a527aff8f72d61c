import { Unprivileged } from "../errors.ts";
import type { Observation, Observations, Probe } from "./probe.ts";
import { factOf } from "./probe.ts";
import type { Finding } from "./resource.ts";

type Known<Fields> = {
  [Key in keyof Fields as undefined extends Fields[Key] ? never : Key]: Fields[Key];
} & {
  [Key in keyof Fields as undefined extends Fields[Key] ? Key : never]?: Exclude<Fields[Key], undefined>;
};

/** The same without what is undefined: a detail that nobody knows is absent. */
export const known = <const Fields extends object>(fields: Fields): Known<Fields> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Known<Fields>;

/** When the oldest of these answers was given; undefined when there was none. */
export function oldest(observations: readonly Observation<unknown>[]): Date | undefined {
  const times = observations.flatMap((observation) => {
    if (observation.status === "unasked") return [];
    return observation.status === "failed" && observation.last ? [observation.last.at] : [observation.at];
  });
  return times.reduce<Date | undefined>((a, b) => (a && a <= b ? a : b), undefined);
}

/**
 * One finding of severity `unknown` for each of these that was asked and could not be known. What needs a permission
 * that we do not have is no finding: it is listed with its fix.
 */
export const unseen = (observations: Observations, probes: readonly Probe<unknown>[]): Finding[] =>
  probes.flatMap((probe) => {
    const observation = observations.of(probe);
    if (observation.status !== "failed" || observation.error instanceof Unprivileged) return [];
    return [{ severity: "unknown", message: `${probe.sees}: ${observation.error.message}` }];
  });

/** What a probe was answered, or was answered before it failed. */
export const lastFact = <Fact>(observations: Observations, probe: Probe<Fact>): Fact | undefined =>
  factOf(observations.of(probe));
