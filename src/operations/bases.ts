import { isWhyNot } from "../backends/verbs.ts";
import type { Step } from "../plan/plan.ts";
import { withPrefix } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import { parseSnapshotTag, toTagWord } from "../plan/snapshot-tag.ts";
import { attempt } from "./attempt.ts";
import type { Ground } from "./ground.ts";
import { byKeeper } from "./kept.ts";
import type { Place } from "./places.ts";
import { storesOf } from "./repositories.ts";
import type { Store } from "./store.ts";
import type { Target } from "./target.ts";

/**
 * Takes away the snapshots of backups before this one, from which no repository goes on any more. Where one of them does
 * not say what it has, all stay.
 */
export function* dropBases(
  { name, service }: Target,
  host: string,
  kept: readonly Place[],
  now: readonly Store[],
  ground: Ground,
): Planning<readonly Step[]> {
  const declared = service && service.backups.length > 0 ? storesOf(service, ground) : [];
  const isNow = ({ repository }: Store) => now.some((store) => store.repository.name === repository.name);
  const needed = new Set<string>();
  for (const store of declared) {
    const { base } = store;
    if (!base || isNow(store)) continue;
    for (const place of kept) {
      const tag = yield* attempt(store.at ?? host, wrapped(base(place, host)));
      if (isWhyNot(tag)) return [];
      if (tag.base !== undefined) needed.add(tag.base);
    }
  }
  const steps: Step[] = [];
  for (const [index, { verbs, places }] of byKeeper(kept).entries()) {
    const listed = yield* verbs.listSnapshots(places, host);
    if (isWhyNot(listed)) return [];
    // One that somebody holds keeps none of the others.
    const held = new Set(listed.flatMap(({ tag, isHeld }) => (isHeld ? [tag] : [])));
    const ours = listed.filter(({ tag }) => {
      const about = parseSnapshotTag(tag);
      const isOurs = about?.operation === "backup" && about.service === toTagWord(name);
      return isOurs && !needed.has(tag) && !held.has(tag);
    });
    const gone = yield* verbs.destroySnapshots(places, host, [...new Set(ours.map(({ tag }) => tag))]);
    if (isWhyNot(gone)) return [];
    // Ours, and what it held is in the new one's place: it needs nobody's consent.
    const own = gone.map(({ destroys, ...step }): Step => ({ ...step, effect: "changes", optional: true }));
    steps.push(...withPrefix(`base-${index + 1}`, own));
  }
  return steps;
}

function* wrapped(planning: ReturnType<NonNullable<Store["base"]>>) {
  const base = yield* planning;
  if (base !== undefined && typeof base !== "string") return base.isMissing ? {} : base;
  return base === undefined ? {} : { base };
}
