import type { Finding, Health } from "../backends/resource.ts";
import { snapshotsFreshMs } from "../backends/storage/newest-snapshots.ts";
import type { Service } from "../inventory/service.ts";
import { type Consistency, parseSnapshotTag, toTagWord } from "../plan/snapshot-tag.ts";
import { toAge, toDuration } from "../words.ts";
import { referencesTo } from "./data.ts";
import type { Known } from "./resources.ts";

/** What is known of the backups of one service in one repository. Plain JSON; times are RFC 3339. */
export interface KnownBackups {
  readonly repository: string;
  /** The newest that is there, as far as is known; absent where none is. */
  readonly newest?: {
    /** As the repository calls it; absent where it was only heard that it was made. */
    readonly id?: string;
    readonly at: string;
    /** That a restore of it was tried, and how far. */
    readonly proof?: { readonly at: string; readonly how: "well" | "verified" };
  };
  /** When the repository told it; absent: only who made the newest did. */
  readonly askedAt?: string;
  /** Why it did not tell when it was asked last. */
  readonly why?: string;
}

/** By service. */
export type Backups = ReadonlyMap<string, readonly KnownBackups[]>;

/** The copies of a service's data, as far as they are known. */
export interface Copies {
  /** Of all of its data. Absent where that can have none, or nobody told. */
  readonly snapshot?: NewestSnapshot;
  readonly backups: readonly KnownBackups[];
  /** The newest of the kind that counts, against what was promised. */
  readonly newest?: { readonly kind: "snapshot" | "backup"; readonly health: Health; readonly words: string };
}

/** Without `at` there is none. */
export interface NewestSnapshot {
  readonly at?: string;
  readonly consistency?: Consistency;
  /** Not made by us. */
  readonly isForeign?: true;
}

/** What was learnt first, and what was learnt since. Who lists a repository knows best what is in it then. */
export function mergeBackups(before: Backups, since: Backups): Backups {
  const merged = new Map(before);
  for (const [service, learnt] of since) {
    const known = new Map((merged.get(service) ?? []).map((each) => [each.repository, each]));
    for (const each of learnt) known.set(each.repository, mergeOne(known.get(each.repository), each));
    merged.set(service, [...known.values()]);
  }
  return merged;
}

function mergeOne(before: KnownBackups | undefined, { why, ...now }: KnownBackups): KnownBackups {
  if (!before) return why === undefined ? now : { ...now, why };
  // It did not tell: what was known stays, with its age.
  if (why !== undefined) return { ...before, why };
  const { why: _, ...known } = before;
  const isOlder = (a = "", b = "") => Date.parse(a) < Date.parse(b);
  if (now.askedAt === undefined)
    return known.newest && !isOlder(known.newest.at, now.newest?.at) ? before : { ...known, ...now };
  if (isOlder(now.askedAt, known.askedAt)) return before;
  const { newest } = known;
  return newest && isOlder(now.askedAt, newest.at) ? { ...now, newest } : now;
}

/**
 * The newest moment of which there is a snapshot of every place; of several at several moments the oldest counts. What
 * was at rest for another service was not for this one.
 */
export function newestSnapshot(
  service: Pick<Service, "name" | "data" | "runs">,
  host: string,
  resourcesOf: (host: string) => readonly Known[],
): NewestSnapshot | undefined {
  const ofPlaces = service.data.map((place) => {
    const resources = resourcesOf(place.on ?? host);
    const names = referencesTo(place, service, resources);
    const told = resources
      .flatMap((each) => (each.kind === "pool" ? (each.details.snapshots ?? []) : []))
      .find(({ of }) => names.includes(of));
    return told?.newest.filter(({ tag }) => {
      const about = parseSnapshotTag(tag);
      return about === undefined || about.service === toTagWord(service.name);
    });
  });
  if (ofPlaces.length === 0 || ofPlaces.some((place) => place === undefined)) return undefined;
  const newest = ofPlaces
    .map((place) => place?.[0])
    .toSorted((a, b) => (a?.at ?? "").localeCompare(b?.at ?? ""));
  const oldest = newest[0];
  if (!oldest) return {};
  const about = parseSnapshotTag(oldest.tag);
  return {
    at: oldest.at,
    ...(about?.consistency ? { consistency: about.consistency } : {}),
    ...(about ? {} : { isForeign: true }),
  };
}

/** What a repository said a day ago is no news. */
const newsMs = 24 * 3_600_000;

/** So old the newest copy may be: as promised, else twice as old as they are made. */
export function mostAgeOf({
  sla,
  backups,
  snapshots,
}: Pick<Service, "sla" | "backups" | "snapshots">): number | undefined {
  const [often = snapshots?.everyMs] = backups.map(({ everyMs }) => everyMs).sort((a, b) => a - b);
  return sla?.rpoMs ?? (often === undefined ? undefined : often * 2);
}

/** The same of one repository: where another has a newer one, this one's may have been missed once. */
export function mostAgeIn(
  { service, copies: { backups } }: { readonly service: Service; readonly copies: Copies },
  repository: string,
): number | undefined {
  const everyMs = service.backups.find(({ to }) => to === repository)?.everyMs;
  const ownMs = everyMs === undefined ? undefined : everyMs * 2;
  const rpoMs = service.sla?.rpoMs;
  const newest = backups.find((each) => each.repository === repository)?.newest;
  if (rpoMs === undefined || newest === newestBackup(backups)) return rpoMs ?? ownMs;
  return Math.max(rpoMs, ownMs ?? 0);
}

/**
 * Where backups are declared these alone count: a snapshot is lost with its disks. `isAway`: who could tell of snapshots
 * does not answer now.
 */
export function judgeCopies(
  service: Pick<Service, "name" | "sla" | "backups" | "snapshots">,
  { snapshot, backups }: Omit<Copies, "newest">,
  isAway: boolean,
  now: Date,
): Copies["newest"] {
  const mostMs = mostAgeOf(service);
  if (service.backups.length > 0) return { kind: "backup", ...judgeBackups(backups, mostMs, now) };
  return snapshot && { kind: "snapshot", ...judgeSnapshot(snapshot, service, isAway, now) };
}

type Verdict = Pick<NonNullable<Copies["newest"]>, "health" | "words">;

function judgeSnapshot(
  { at }: NewestSnapshot,
  service: Pick<Service, "sla" | "backups" | "snapshots">,
  isAway: boolean,
  now: Date,
): Verdict {
  // Where nobody declared that some are made, its data may be kept in a way that we do not know of.
  if (at === undefined) return { health: service.snapshots && !isAway ? "warning" : "ok", words: "none" };
  const mostMs = mostAgeOf(service);
  const ageMs = now.getTime() - Date.parse(at);
  const words = toAge(new Date(at), now);
  if (mostMs === undefined || ageMs <= mostMs) return { health: "ok", words };
  // One may have been made since they were listed.
  return isAway || ageMs <= mostMs + snapshotsFreshMs
    ? { health: "unknown", words: `${words} or newer` }
    : { health: "warning", words: `${words}, may be ${toDuration(mostMs)}` };
}

/** A copy that is young enough is so whoever told. That none is, only a repository can know, and not for long. */
export function judgeBackups(
  backups: readonly KnownBackups[],
  mostMs: number | undefined,
  now: Date,
): Verdict {
  const newest = newestBackup(backups);
  const asked = backups.map(({ askedAt = "" }) => askedAt).toSorted();
  const [askedAt = ""] = asked;
  const isNews = askedAt !== "" && now.getTime() - Date.parse(askedAt) <= newsMs;
  if (!newest) {
    const why = backups.find((each) => each.why !== undefined)?.why;
    if (askedAt === "") return { health: "unknown", words: why === undefined ? "not asked" : "not told" };
    return isNews
      ? { health: "warning", words: "none" }
      : { health: "unknown", words: "none when asked last" };
  }
  const at = new Date(newest.at);
  const words = toAge(at, now);
  if (mostMs === undefined || now.getTime() - at.getTime() <= mostMs) return { health: "ok", words };
  const wasLate = askedAt !== "" && Date.parse(askedAt) - at.getTime() > mostMs;
  return wasLate && isNews
    ? { health: "warning", words: `${words}, may be ${toDuration(mostMs)}` }
    : { health: "unknown", words: `${words} or newer` };
}

/** In whichever repository. */
export const newestBackup = (backups: readonly KnownBackups[]): KnownBackups["newest"] =>
  backups.flatMap(({ newest }) => newest ?? []).toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))[0];

/** That what was promised is not kept. What nobody knows is no problem of the service. */
export function findingsOfCopies(newest: Copies["newest"]): readonly Finding[] {
  if (newest?.health !== "warning") return [];
  const { kind, words } = newest;
  return [
    {
      severity: "warning",
      message: words === "none" ? `there is no ${kind} of its data` : `newest ${kind}: ${words}`,
    },
  ];
}
