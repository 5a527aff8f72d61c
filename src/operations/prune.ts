import { Refused } from "../errors.ts";
import type { Keep, Service } from "../inventory/service.ts";
import { type Plan, type Step, withPrefix } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import { parseSnapshotTag, toTagWord } from "../plan/snapshot-tag.ts";
import type { Ground } from "./ground.ts";
import { type Kept, keptBy, listKept } from "./kept.ts";
import { findPlaces } from "./places.ts";
import { expectHosts, hasBackupPolicy, pruneBackups } from "./prune-backups.ts";
import { orRefuse } from "./refusing.ts";
import { toPrune, toSets } from "./retention.ts";
import { servicesMeant } from "./services-meant.ts";
import { findService } from "./target.ts";

export interface PruneRequest {
  readonly verb: "prune";
  readonly name: string;
  readonly names: readonly string[];
  /** Both when absent. */
  readonly only?: "snapshots" | "backups";
  /** Hosts that may be away, with what they know of the backups. */
  readonly without?: readonly string[];
}

/**
 * Destroys the snapshots and backups that the policies of each service let go. A plan of its own, which names each of them:
 * making one never destroys another, and who says yes to it has said nothing about others.
 */
export function* planPrune({ names, only, without = [] }: PruneRequest, ground: Ground): Planning<Plan> {
  expectHosts(without, ground);
  const services = servicesMeant(names, ground.inventory);
  for (const service of services) expectPolicy(service, only);
  const steps: Step[] = [];
  const hosts = new Set<string>();
  for (const [index, service] of services.entries()) {
    if (only === "backups" || !service.snapshots?.keep) continue;
    const { host } = findService(service.name, ground);
    const kept = keptBy(yield* findPlaces(service, host, ground, "unmounted"), service, ground);
    const tags = yield* prunable(service, service.snapshots.keep, kept, ground);
    for (const [at, { verbs, host: on, places }] of kept.entries()) {
      const gone = orRefuse(yield* verbs.destroySnapshots(places, on, tags));
      if (gone.length === 0) continue;
      hosts.add(on);
      steps.push(...withPrefix(`${index + 1}-${verbs.kind}-${at + 1}`, gone));
    }
  }
  const away = only === "snapshots" ? undefined : yield* pruneBackups(services, without, ground);
  for (const host of away?.hosts ?? []) hosts.add(host);
  return {
    format: 1,
    id: ground.id,
    operation: "prune",
    title: `Prune the ${only ?? "snapshots and backups"} of ${services.map(({ name }) => name).join(", ")}`,
    madeAt: ground.now.toISOString(),
    services: services.map(({ name }) => name),
    hosts: [...hosts].sort(),
    basis: [],
    onFailure: "stop",
    steps: [...steps, ...(away?.steps ?? [])],
    notes: away?.notes ?? [],
  };
}

/** Throws `Refused` where nobody said how many are kept. */
function expectPolicy(service: Service, only: PruneRequest["only"]): void {
  const { name, snapshots } = service;
  if (only !== "backups" && snapshots?.keep) return;
  if (only !== "snapshots" && hasBackupPolicy(service)) return;
  throw new Refused(`${name} does not say how many ${only ?? "snapshots or backups"} are kept.`, {
    hint: ["snapshots", "backups"]
      .filter((kind) => kind === (only ?? kind))
      .map((kind) => `services › ${name} › ${kind} › keep: { daily: 14 }`)
      .join("\n"),
  });
}

function* prunable(
  { name }: Service,
  keep: Keep,
  kept: readonly Kept[],
  { now }: Ground,
): Planning<readonly string[]> {
  const all = yield* listKept(kept);
  // Another service may have its data in the same place, and a policy of its own.
  const own = all.filter(({ tag }) => parseSnapshotTag(tag)?.service === toTagWord(name));
  const wanted = kept.reduce((sum, { places }) => sum + places.length, 0);
  // Half of it takes no place from what is whole.
  const [whole, partial] = [true, false].map((isWhole) =>
    toSets(own).filter(({ places }) => places >= wanted === isWhole),
  );
  return [...toPrune(whole ?? [], keep, now), ...toPrune(partial ?? [], keep, now)];
}
