import type { Service } from "../inventory/service.ts";
import { type Plan, type Step, withPrefix } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import { parseSnapshotTag, toSnapshotTag, toTagWord } from "../plan/snapshot-tag.ts";
import { bringToRest } from "./at-rest.ts";
import type { Ground } from "./ground.ts";
import { type Kept, keptBy, listKept, takeSnapshots } from "./kept.ts";
import { findPlaces } from "./places.ts";
import { servicesMeant } from "./services-meant.ts";
import { findService } from "./target.ts";

export interface SnapshotRequest {
  readonly verb: "snapshot";
  /** What a person calls them together. */
  readonly name: string;
  /** Services, or hosts and groups for those at home there. */
  readonly names: readonly string[];
}

interface Part {
  readonly steps: readonly Step[];
  readonly hosts: readonly string[];
  readonly notes: readonly string[];
}

/** Whoever asks twice within it means the same snapshot. */
const sameMs = 60_000;

/** Snapshots of all data of services, each service at rest as it declares. */
export function* planSnapshot({ names }: SnapshotRequest, ground: Ground): Planning<Plan> {
  const services = servicesMeant(names, ground.inventory);
  const parts: Part[] = [];
  for (const [index, service] of services.entries()) {
    const part = yield* planPart(service, ground);
    const isLast = index === services.length - 1;
    const steps = isLast ? part.steps : part.steps.map(withoutCommit);
    parts.push(services.length === 1 ? part : { ...part, steps: withPrefix(`${index + 1}`, steps) });
  }
  return {
    format: 1,
    id: ground.id,
    operation: "snapshot",
    title: `Snapshot ${services.map(({ name }) => name).join(", ")}`,
    madeAt: ground.now.toISOString(),
    services: services.map(({ name }) => name),
    hosts: [...new Set(parts.flatMap(({ hosts }) => hosts))].sort(),
    basis: [],
    onFailure: "walk-back",
    steps: parts.flatMap(({ steps }) => steps),
    notes: parts.flatMap(({ notes }) => notes),
  };
}

function* planPart(service: Service, ground: Ground): Planning<Part> {
  const { name } = service;
  const target = findService(name, ground);
  const kept = keptBy(yield* findPlaces(service, target.host, ground, "unmounted"), service, ground);
  const recent = yield* newestOf(name, kept, ground);
  if (recent)
    return { steps: [], hosts: [], notes: [`${name} has one that is younger than a minute: ${recent}`] };
  return yield* snapshotNow(target, kept, ground);
}

/** Of all places of a service at one moment, at rest as it declares, however young the last one is. */
export function* snapshotNow(
  target: ReturnType<typeof findService>,
  kept: readonly Kept[],
  ground: Ground,
): Planning<Part> {
  const { name } = target;
  const rest = yield* bringToRest(target, ground);
  const tag = toSnapshotTag(ground.id, name, rest.consistency);
  const { before, steps, after, isAtomic, notes: limits } = yield* takeSnapshots(kept, tag);
  const notes = [...rest.notes, ...limits];
  if (!isAtomic)
    notes.push(
      `The places of ${name} are taken one after the other, not at one moment${
        rest.consistency === "crash-consistent" ? ": it may write in between" : ""
      }.`,
    );
  return {
    hosts: [target.host, ...kept.map(({ host }) => host)],
    notes,
    steps: [...before, ...rest.begin, ...steps, ...rest.end, ...after],
  };
}

/** While others are still to be brought to rest there has to be a way back. */
const withoutCommit = ({ commit: _, ...step }: Step): Step => step;

/** The tag of the snapshot that was just made of all of these. */
function* newestOf(name: string, kept: readonly Kept[], { now }: Ground): Planning<string | undefined> {
  const counts = new Map<string, number>();
  for (const { tag, createdAt, invalid } of yield* listKept(kept)) {
    const about = parseSnapshotTag(tag);
    if (about?.operation === "snapshot" && about.service === toTagWord(name) && invalid === undefined)
      if (now.getTime() - createdAt.getTime() < sameMs) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  }
  const all = kept.reduce((sum, { places }) => sum + places.length, 0);
  return [...counts].find(([, count]) => count === all)?.[0];
}
