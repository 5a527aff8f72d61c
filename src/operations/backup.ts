import type { BackupLabel } from "../backends/backup-verbs.ts";
import { isWhyNot, type WhyNot } from "../backends/verbs.ts";
import { Refused } from "../errors.ts";
import { type Plan, type Step, withPrefix } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import { toSnapshotTag, toTagWord } from "../plan/snapshot-tag.ts";
import { bringToRest } from "./at-rest.ts";
import { dropBases } from "./bases.ts";
import type { Ground } from "./ground.ts";
import { hookSteps } from "./hooks.ts";
import { byKeeper, takeSnapshots } from "./kept.ts";
import type { Seen } from "./mount-view.ts";
import { findPlaces, hostsOf, type Place } from "./places.ts";
import { orRefuse } from "./refusing.ts";
import { storesOf } from "./repositories.ts";
import type { Store } from "./store.ts";
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
  const { stores, left } = yield* withoutAbsent(storesOf(service, ground, to), to !== undefined);
  const places = yield* findPlaces(service, target.host, ground);
  const hosts = hostsOf(places);
  const steps: Step[] = [];
  const tidy: Step[] = [];
  const notes: string[] = [...left];
  const hostsTo: string[] = [];
  const begun = new Set<Store>();
  for (const [index, host] of hosts.entries()) {
    const there = places.filter((place) => place.host === host);
    hostsTo.push(...stores.flatMap(({ at }) => at ?? []));
    const made: Step[] = [];
    const missing = new Set<Store>();
    for (const store of stores) {
      if (!(yield* isMissing(store, host, init === true))) continue;
      // The first one makes it for all.
      if (!begun.has(store) && store.init)
        made.push(...withPrefix(toTagWord(store.repository.name), [store.init(host)]));
      begun.add(store);
      missing.add(store);
    }
    const copy = yield* planHost(target, host, there, { stores, missing }, ground);
    const all = [...made, ...copy.steps];
    steps.push(...(hosts.length === 1 ? all : withPrefix(`${index + 1}`, all)));
    notes.push(...copy.notes);
    tidy.push(...(hosts.length === 1 ? copy.tidy : withPrefix(`${index + 1}`, copy.tidy)));
  }
  return {
    format: 1,
    id: ground.id,
    operation: "backup",
    title: `Back up ${name} of ${hosts.join(" and ")} to ${stores.map(({ repository }) => repository.name).join(" and ")}`,
    madeAt: ground.now.toISOString(),
    services: [name],
    // Its hooks and its rest are where it runs, which may be another host than that of its data.
    hosts: [...new Set([...hosts, ...hostsTo, target.host])].sort(),
    basis: [],
    onFailure: "walk-back",
    steps: [
      ...hookSteps("beforeBackup", target, ground),
      ...steps,
      ...hookSteps("afterBackup", target, ground),
      ...tidy,
    ],
    notes,
  };
}

/** A disk in a drawer is no reason not to copy to all others; but it is where just that was asked for. */
function* withoutAbsent(
  stores: readonly Store[],
  isNamed: boolean,
): Planning<{ readonly stores: readonly Store[]; readonly left: readonly string[] }> {
  const there: Store[] = [];
  const left: string[] = [];
  let first: WhyNot | undefined;
  for (const store of stores) {
    const why = store.absence ? yield* store.absence() : undefined;
    if (why) left.push(`${store.repository.name} is left out: ${why.whyNot} ${why.hint ?? ""}`.trim());
    else there.push(store);
    first ??= why;
  }
  if (first && (isNamed || there.length === 0)) orRefuse(first);
  return { stores: there, left };
}

function* isMissing({ list }: Store, host: string, mayInit: boolean): Planning<boolean> {
  const listed = yield* list(host);
  if (!isWhyNot(listed)) return false;
  if (mayInit && listed.isMissing) return true;
  orRefuse(listed);
  return false;
}

function* planHost(
  target: Target,
  host: string,
  places: readonly Place[],
  { stores, missing }: { readonly stores: readonly Store[]; readonly missing: ReadonlySet<Store> },
  ground: Ground,
): Planning<{
  readonly steps: readonly Step[];
  /** What nothing depends on any more, once all is done. */
  readonly tidy: readonly Step[];
  readonly notes: readonly string[];
}> {
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
    if (!keeper || !stores.some(({ needsFiles }) => needsFiles)) continue;
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
  const copies: Step[] = [];
  for (const store of stores) {
    const made = yield* store.copy({
      ...{ host, label, places, tag, seen },
      at: ground.now,
      isNew: missing.has(store),
    });
    copies.push(...withPrefix(toTagWord(store.repository.name), made));
  }
  // The next one goes on from it.
  const stays = stores.some(({ base }) => base);
  return {
    notes,
    tidy: stays ? yield* dropBases(target, host, kept, stores, ground) : [],
    steps: [
      ...taken.before,
      ...(rest?.begin ?? []),
      ...taken.steps,
      // What comes after it may still fail, and then the snapshot goes.
      ...(rest?.end ?? []).map(({ commit: _, ...step }): Step => step),
      ...taken.after,
      ...open,
      ...copies,
      ...[...close, ...(stays ? [] : taken.discard)].map((step): Step => ({ ...step, optional: true })),
    ],
  };
}
