import type { BackupLabel } from "../backends/backup-verbs.ts";
import { isWhyNot } from "../backends/verbs.ts";
import { Refused } from "../errors.ts";
import { type Plan, type Step, withPrefix } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import { toSnapshotTag, toTagWord } from "../plan/snapshot-tag.ts";
import { bringToRest } from "./at-rest.ts";
import type { Ground } from "./ground.ts";
import { hookSteps } from "./hooks.ts";
import { byKeeper, takeSnapshots } from "./kept.ts";
import { type Seen, seeing } from "./mount-view.ts";
import { findPlaces, hostsOf, type Place } from "./places.ts";
import { orRefuse } from "./refusing.ts";
import { type Store, storesOf } from "./repositories.ts";
import { findService, type Target } from "./target.ts";

export interface BackupRequest {
  readonly verb: "backup";
  /** A service. */
  readonly name: string;
  /** A repository; all that the service declares, when absent. */
  readonly to?: string;
  /** Make the repository where there is none. */
  readonly init?: boolean;
}

/**
 * Copies the data of a service to its repositories, while it runs: from a snapshot where its storage can make one. It
 * counts once the repository lists it.
 */
export function* planBackup({ name, to, init }: BackupRequest, ground: Ground): Planning<Plan> {
  const target = findService(name, ground);
  const { service } = target;
  if (service.data.length === 0)
    throw new Refused(`${name} declares no data: there is nothing to back up.`, {
      hint: `services › ${name} › data`,
    });
  const stores = storesOf(service, ground, to);
  const places = yield* findPlaces(service, target.host, ground);
  const hosts = hostsOf(places);
  const steps: Step[] = [];
  const notes: string[] = [];
  const begun = new Set<Store>();
  for (const [index, host] of hosts.entries()) {
    const there = places.filter((place) => place.host === host);
    const made: Step[] = [];
    for (const store of stores) {
      const begin = yield* initSteps(store, host, init === true);
      // The first one makes it for all.
      if (!begun.has(store)) made.push(...withPrefix(toTagWord(store.repository.name), begin));
      if (begin.length > 0) begun.add(store);
    }
    const copy = yield* planHost(target, host, there, stores, ground);
    const all = [...made, ...copy.steps];
    steps.push(...(hosts.length === 1 ? all : withPrefix(`${index + 1}`, all)));
    notes.push(...copy.notes);
  }
  return {
    format: 1,
    id: ground.id,
    operation: "backup",
    title: `Back up ${name} of ${hosts.join(" and ")} to ${stores.map(({ repository }) => repository.name).join(" and ")}`,
    madeAt: ground.now.toISOString(),
    services: [name],
    // Its hooks and its rest are where it runs, which may be another host than that of its data.
    hosts: [...new Set([...hosts, target.host])].sort(),
    basis: [],
    onFailure: "walk-back",
    steps: [
      ...hookSteps("beforeBackup", target, ground),
      ...steps,
      ...hookSteps("afterBackup", target, ground),
    ],
    notes,
  };
}

function* initSteps({ repository, verbs }: Store, host: string, mayInit: boolean): Planning<readonly Step[]> {
  const listed = yield* verbs.list(repository, host);
  if (!isWhyNot(listed)) return [];
  if (mayInit && listed.isMissing) return [verbs.init(repository, host)];
  throw new Refused(listed.whyNot, { hint: listed.hint });
}

function* planHost(
  target: Target,
  host: string,
  places: readonly Place[],
  stores: readonly Store[],
  ground: Ground,
): Planning<{ readonly steps: readonly Step[]; readonly notes: readonly string[] }> {
  const { name } = target;
  const kept = places.filter(({ keeper }) => keeper);
  const rest = kept.length > 0 ? yield* bringToRest(target, ground) : undefined;
  const consistency = rest && kept.length === places.length ? rest.consistency : "file-by-file";
  const tag = toSnapshotTag(ground.id, name, rest?.consistency ?? "crash-consistent");
  const notes = [...(rest?.notes ?? [])];
  for (const { folder, keeper } of places)
    if (!keeper)
      notes.push(
        `${folder} on ${host} can make no snapshot: it is copied file by file while ${name} may write to it.`,
      );
  const taken = yield* takeSnapshots(byKeeper(kept), tag);
  notes.push(...taken.notes);
  const seen: Seen[] = [];
  const open: Step[] = [];
  const close: Step[] = [];
  for (const [index, { keeper, folder }] of kept.entries()) {
    if (!keeper) continue;
    const exposed = orRefuse(yield* keeper.verbs.expose(keeper.place, host, tag, "planned"));
    seen.push({ from: exposed.path, at: folder });
    open.push(...withPrefix(`see-${index + 1}`, exposed.before));
    close.unshift(...withPrefix(`see-${index + 1}`, exposed.after));
  }
  const label: BackupLabel = {
    service: name,
    operation: ground.id,
    host,
    consistency,
    places: places.map(({ declared: { kind, name }, folder }) => ({ kind, name, path: folder })),
  };
  return {
    notes,
    steps: [
      ...taken.before,
      ...(rest?.begin ?? []),
      ...taken.steps,
      // What comes after it may still fail, and then the snapshot goes.
      ...(rest?.end ?? []).map(({ commit: _, ...step }): Step => step),
      ...taken.after,
      ...open,
      ...stores.flatMap(({ repository, verbs }) =>
        withPrefix(toTagWord(repository.name), [seeing(seen, verbs.backup(repository, label))]),
      ),
      ...[...close, ...taken.discard].map((step): Step => ({ ...step, optional: true })),
    ],
  };
}
