import type { DataVerbs, Snapshot } from "../backends/data-verbs.ts";
import { Refused } from "../errors.ts";
import type { Data, Service } from "../inventory/service.ts";
import { type Step, withPrefix } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import type { Ground } from "./ground.ts";
import type { Place } from "./places.ts";
import { orRefuse } from "./refusing.ts";

/** Places of a service that one tool keeps on one host, which it can do together. */
export interface Kept {
  readonly host: string;
  readonly verbs: DataVerbs;
  readonly places: readonly Data[];
}

/** Those that a tool keeps; the others are left out. */
export function byKeeper(places: readonly Place[]): readonly Kept[] {
  const all: (Kept & { readonly places: Data[] })[] = [];
  for (const { host, keeper } of places) {
    if (!keeper) continue;
    const one = all.find((each) => each.host === host && each.verbs === keeper.verbs);
    if (one) one.places.push(keeper.place);
    else all.push({ host, verbs: keeper.verbs, places: [keeper.place] });
  }
  return all;
}

/** All places of a service. Throws `Refused` when there is none, or one of which no snapshot can be made. */
export function keptBy(
  places: readonly Place[],
  { name }: Service,
  { inventory }: Pick<Ground, "inventory">,
): readonly Kept[] {
  if (places.length === 0)
    throw new Refused(`${name} declares no data.`, {
      hint: `The inventory has a place for it: services › ${name} › data.`,
    });
  for (const { keeper, folder, host } of places) {
    if (!keeper)
      throw new Refused(`The file system of ${folder} on ${host} cannot make snapshots of just that.`, {
        hint: `A backup tool copies it: scrap backup ${name}.`,
      });
    if (inventory.hosts.get(host)?.protected) throw new Refused(`${host} is protected: it is never changed.`);
  }
  return byKeeper(places);
}

/** All their snapshots. Throws `Refused` where a tool does not tell. */
export function* listKept(kept: readonly Kept[]): Planning<readonly Snapshot[]> {
  const all: Snapshot[] = [];
  for (const { verbs, host, places } of kept) all.push(...orRefuse(yield* verbs.listSnapshots(places, host)));
  return all;
}

/** Snapshots of one moment, as steps. */
export interface Taking {
  /** While nobody waits for it. */
  readonly before: readonly Step[];
  /** Their way back destroys what was made. */
  readonly steps: readonly Step[];
  /** Tidies up. */
  readonly after: readonly Step[];
  /** Destroys them. */
  readonly discard: readonly Step[];
  /** All places at one moment. */
  readonly isAtomic: boolean;
  readonly notes: readonly string[];
}

/** A snapshot of each. Throws `Refused` where there can be none. */
export function* takeSnapshots(kept: readonly Kept[], tag: string): Planning<Taking> {
  const before: Step[] = [];
  const steps: Step[] = [];
  const after: Step[] = [];
  const discard: Step[] = [];
  const notes: string[] = [];
  let isAtomic = kept.length === 1;
  for (const [index, { verbs, host, places }] of kept.entries()) {
    const made = orRefuse(yield* verbs.snapshot(places, host, tag));
    const gone = orRefuse(yield* verbs.destroySnapshots(places, host, [tag], "planned")).map(toOwn);
    const prefix = `${verbs.kind}-${index + 1}`;
    const undo = withPrefix(`undo-${prefix}`, gone);
    before.push(...withPrefix(prefix, made.before));
    steps.push(...withPrefix(prefix, made.steps).map((step, at) => (at === 0 ? { ...step, undo } : step)));
    after.push(...withPrefix(prefix, made.after));
    discard.push(...withPrefix(`away-${prefix}`, gone));
    notes.push(...made.notes);
    isAtomic &&= made.isAtomic;
  }
  return { before, steps, after, discard, isAtomic, notes };
}

/** Made by this plan and by nobody else: that it goes again needs nobody's consent. */
const toOwn = ({ destroys: _, ...step }: Step): Step => ({ ...step, effect: "changes", optional: true });
