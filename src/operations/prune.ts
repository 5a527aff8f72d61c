import { Refused } from "../errors.ts";
import type { Service } from "../inventory/service.ts";
import { type Plan, type Step, withPrefix } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import { parseSnapshotTag, toTagWord } from "../plan/snapshot-tag.ts";
import type { Ground } from "./ground.ts";
import { type Kept, keptBy, listKept } from "./kept.ts";
import { findPlaces } from "./places.ts";
import { orRefuse } from "./refusing.ts";
import { toPrune, toSets } from "./retention.ts";
import { servicesMeant } from "./services-meant.ts";
import { findService } from "./target.ts";

export interface PruneRequest {
  readonly verb: "prune";
  readonly name: string;
  readonly names: readonly string[];
}

/**
 * Destroys the snapshots that the policy of each service lets go. A plan of its own, which names each of them: making a
 * snapshot never destroys one, and who says yes to it has said nothing about others.
 */
export function* planPrune({ names }: PruneRequest, ground: Ground): Planning<Plan> {
  const services = servicesMeant(names, ground.inventory);
  const steps: Step[] = [];
  const hosts = new Set<string>();
  for (const [index, service] of services.entries()) {
    const { host } = findService(service.name, ground);
    const kept = keptBy(yield* findPlaces(service, host, ground, "unmounted"), service, ground);
    const tags = yield* prunable(service, kept, ground);
    for (const [at, { verbs, host: on, places }] of kept.entries()) {
      const gone = orRefuse(yield* verbs.destroySnapshots(places, on, tags));
      if (gone.length === 0) continue;
      hosts.add(on);
      steps.push(...withPrefix(`${index + 1}-${verbs.kind}-${at + 1}`, gone));
    }
  }
  return {
    format: 1,
    id: ground.id,
    operation: "prune",
    title: `Prune the snapshots of ${services.map(({ name }) => name).join(", ")}`,
    madeAt: ground.now.toISOString(),
    services: services.map(({ name }) => name),
    hosts: [...hosts].sort(),
    basis: [],
    onFailure: "stop",
    steps,
    notes: [],
  };
}

function* prunable(
  { name, snapshots }: Service,
  kept: readonly Kept[],
  { now }: Ground,
): Planning<readonly string[]> {
  if (!snapshots?.keep)
    throw new Refused(`${name} does not say how many snapshots are kept.`, {
      hint: `services › ${name} › snapshots › keep: { daily: 14 }`,
    });
  const all = yield* listKept(kept);
  // Another service may have its data in the same place, and a policy of its own.
  const own = all.filter(({ tag }) => parseSnapshotTag(tag)?.service === toTagWord(name));
  const wanted = kept.reduce((sum, { places }) => sum + places.length, 0);
  // Half of it takes no place from what is whole.
  const [whole, partial] = [true, false].map((isWhole) =>
    toSets(own).filter(({ places }) => places >= wanted === isWhole),
  );
  return [...toPrune(whole ?? [], snapshots.keep, now), ...toPrune(partial ?? [], snapshots.keep, now)];
}
