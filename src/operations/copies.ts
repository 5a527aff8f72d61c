import type { StoredBackup } from "../backends/backup-verbs.ts";
import { isWhyNot } from "../backends/verbs.ts";
import { Refused, UsageError } from "../errors.ts";
import { durationPattern, parseDuration } from "../inventory/quantities.ts";
import type { Service } from "../inventory/service.ts";
import { askHost, type Planning } from "../plan/planning.ts";
import { parseSnapshotTag, toTagWord } from "../plan/snapshot-tag.ts";
import { attempt } from "./attempt.ts";
import type { Ground } from "./ground.ts";
import { byKeeper } from "./kept.ts";
import { findPlaces, type Place } from "./places.ts";
import { storesOf } from "./repositories.ts";
import type { Store } from "./store.ts";

/** What a service can be restored from: a snapshot beside its data, or a backup in a repository. */
export type Copy = {
  readonly id: string;
  readonly at: Date;
  readonly host: string;
  readonly consistency?: string;
  readonly sizeBytes?: number;
} & (
  | { readonly kind: "snapshot" }
  | { readonly kind: "backup"; readonly store: Store; readonly backup: StoredBackup }
);

export interface Copies {
  /** The newest first. */
  readonly copies: readonly Copy[];
  /** Why there may be more. */
  readonly unknown: readonly string[];
  /** Snapshots that can bring nothing back any more, such as one that is full. */
  readonly useless: readonly { readonly id: string; readonly why: string }[];
}

/** All copies of a service that `host` can get at. */
export function* listCopies(
  service: Service,
  host: string,
  ground: Pick<Ground, "inventory" | "backends">,
): Planning<Copies> {
  const unknown: string[] = [];
  const useless = new Map<string, string>();
  const copies: Copy[] = [];
  for (const store of service.backups.length > 0 ? storesOf(service, ground) : []) {
    const asked = store.at ?? host;
    const listed = yield* store.at === undefined ? store.list(host) : attempt(asked, store.list(host));
    if (isWhyNot(listed)) unknown.push(listed.whyNot);
    else
      for (const backup of listed)
        if (backup.service === service.name) copies.push({ ...backup, kind: "backup", store, backup });
  }
  const places = yield* findPlaces(service, host, ground);
  copies.push(...(yield* listLocal(service.name, places, host, { unknown, useless })));
  return {
    copies: copies.toSorted((a, b) => b.at.getTime() - a.at.getTime()),
    unknown,
    useless: [...useless].map(([id, why]) => ({ id, why })),
  };
}

/** Only what has all places: half a service is no copy of it. */
function* listLocal(
  name: string,
  places: readonly Place[],
  host: string,
  left: { readonly unknown: string[]; readonly useless: Map<string, string> },
): Planning<readonly Copy[]> {
  if (places.length === 0 || places.some(({ keeper, host: on }) => !keeper || on !== host)) return [];
  for (const { folder } of places)
    if ((yield* askHost(host, { argv: ["test", "-e", folder], asRoot: true })).exitCode !== 0) return [];
  const found = new Map<string, { readonly at: Date; count: number }>();
  for (const { verbs, places: own } of byKeeper(places)) {
    const listed = yield* verbs.listSnapshots(own, host);
    if (isWhyNot(listed)) {
      left.unknown.push(listed.whyNot);
      return [];
    }
    for (const { tag, createdAt, invalid } of listed) {
      // What was at rest for another service was not for this one.
      const of = parseSnapshotTag(tag)?.service;
      if (of !== undefined && of !== toTagWord(name)) continue;
      if (invalid !== undefined) {
        left.useless.set(tag, invalid);
        continue;
      }
      const before = found.get(tag) ?? { at: createdAt, count: 0 };
      found.set(tag, { ...before, count: before.count + 1 });
    }
  }
  return [...found]
    .filter(([, { count }]) => count === places.length)
    .map(([id, { at }]): Copy => {
      const consistency = parseSnapshotTag(id)?.consistency;
      return { kind: "snapshot", id, at, host, ...(consistency ? { consistency } : {}) };
    });
}

// Shorter words may as well be a time.
const leastOfAnId = 4;

/**
 * By its id, by the beginning of it, or the newest at a time. Throws `UsageError`: never another one than was meant; and
 * `Refused` for one that is of no use any more.
 */
export function chooseCopy({ copies, useless }: Copies, from: string, name: string, now: Date): Copy {
  const isMeant = ({ id }: { readonly id: string }) => from.length >= leastOfAnId && id.startsWith(from);
  const named = copies.filter(({ id }) => id === from);
  const begun = named.length > 0 ? named : copies.filter(isMeant);
  const spoilt = begun.length > 0 ? undefined : useless.find(isMeant);
  if (spoilt)
    throw new Refused(`The snapshot ${spoilt.id} of ${name} is of no use: ${spoilt.why}.`, {
      hint: `scrap backups ${name} and scrap snapshots ${name} list what there is.`,
    });
  const [only, ...others] = begun;
  if (only && others.length === 0) return only;
  if (only)
    throw new UsageError(
      `There are ${begun.length} copies of ${name} whose id begins with ${from}:\n${begun.map(({ id }) => `  ${id}`).join("\n")}`,
      { hint: "Name one of them in full." },
    );
  const atMs = parseMoment(from, now);
  const newest = copies.find(({ at }) => atMs !== undefined && at.getTime() <= atMs);
  if (newest) return newest;
  throw new UsageError(
    atMs === undefined
      ? `No copy of ${name} has the id ${from}, and it is no time such as 2h or 2026-11-20T18:00.`
      : `There is no copy of ${name} from ${new Date(atMs).toISOString().slice(0, 16)} or before.`,
    { hint: `scrap backups ${name} and scrap snapshots ${name} list what there is.` },
  );
}

/** `2h` ago, or `2026-11-20T18:00`, which is UTC where it names no zone: as everything that is listed. */
function parseMoment(text: string, now: Date): number | undefined {
  if (durationPattern.test(text)) return now.getTime() - parseDuration(text);
  const [, day, time, zone = "Z"] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?))?(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? [];
  if (day === undefined) return undefined;
  const ms = Date.parse(`${day}T${time ?? "00:00"}${zone}`);
  return Number.isNaN(ms) ? undefined : ms;
}
