import type { Snapshot } from "../backends/data-verbs.ts";
import type { Keep } from "../inventory/service.ts";
import { parseSnapshotTag } from "../plan/snapshot-tag.ts";

/** All snapshots of one tag: of every place of a service. */
export interface SnapshotSet {
  readonly tag: string;
  readonly createdAt: Date;
  readonly isHeld: boolean;
  readonly invalid?: string;
  /** Of how many places it is. */
  readonly places: number;
}

/** The newest first. A set is held when one of it is, and of no use when one of it is. */
export function toSets(snapshots: readonly Snapshot[]): readonly SnapshotSet[] {
  const sets = new Map<string, SnapshotSet>();
  for (const { tag, createdAt, isHeld = false, invalid } of snapshots) {
    const before = sets.get(tag);
    const why = before?.invalid ?? invalid;
    sets.set(tag, {
      tag,
      createdAt: before && before.createdAt > createdAt ? before.createdAt : createdAt,
      isHeld: isHeld || before?.isHeld === true,
      places: (before?.places ?? 0) + 1,
      ...(why === undefined ? {} : { invalid: why }),
    });
  }
  return [...sets.values()].toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
}

/** How long what was made before a change stays, whatever the policy says. */
const changeMs = 7 * 86_400_000;

const pad = (text: number) => `${text}`.padStart(2, "0");

/** By which word two snapshots are of the same hour, day, week, month or year. In UTC. */
const periods: Readonly<Record<Exclude<keyof Keep, "last">, (at: Date) => string>> = {
  hourly: (at) => at.toISOString().slice(0, 13),
  daily: (at) => at.toISOString().slice(0, 10),
  weekly: (at) => toWeek(at),
  monthly: (at) => at.toISOString().slice(0, 7),
  yearly: (at) => at.toISOString().slice(0, 4),
};

/** Its Monday. */
function toWeek(at: Date): string {
  const sinceMonday = (at.getUTCDay() + 6) % 7;
  const monday = new Date(at.getTime() - sinceMonday * 86_400_000);
  return `${monday.getUTCFullYear()}-${pad(monday.getUTCMonth() + 1)}-${pad(monday.getUTCDate())}`;
}

/** Of what was made at different times, what a policy keeps. The newest is always part of it. */
export function keptByPolicy<Thing extends { readonly at: Date }>(
  things: readonly Thing[],
  keep: Keep,
): Set<Thing> {
  const newestFirst = things.toSorted((a, b) => b.at.getTime() - a.at.getTime());
  const kept = new Set(newestFirst.slice(0, Math.max(1, keep.last ?? 0)));
  for (const [name, periodOf] of Object.entries(periods)) {
    const newest = new Map<string, Thing>();
    for (const thing of newestFirst)
      if (!newest.has(periodOf(thing.at))) newest.set(periodOf(thing.at), thing);
    for (const thing of [...newest.values()].slice(0, keep[name as keyof typeof periods] ?? 0))
      kept.add(thing);
  }
  return kept;
}

/**
 * The tags that a policy lets go. Never the newest that is of use, nor what is held, nor what others made; never what was
 * made before a change in the last 7 days, nor the newest of each other operation: it may be the base of a copy.
 */
export function toPrune(sets: readonly SnapshotSet[], keep: Keep, now: Date): readonly string[] {
  const ours = sets
    .flatMap((set) => {
      const about = parseSnapshotTag(set.tag);
      return about ? [{ ...set, at: set.createdAt, operation: about.operation }] : [];
    })
    .toSorted((a, b) => b.at.getTime() - a.at.getTime());
  const useful = ours.filter(({ invalid }) => invalid === undefined);
  const kept = keptByPolicy(useful, keep);
  const bases = new Set<string>();
  for (const set of useful) {
    const { operation, at } = set;
    if (operation === "snapshot") continue;
    // What a repository goes on from: the next backup that does not need it any more takes it away.
    if (operation === "backup" || !bases.has(operation) || now.getTime() - at.getTime() < changeMs)
      kept.add(set);
    bases.add(operation);
  }
  return ours.filter((set) => !set.isHeld && !kept.has(set)).map(({ tag }) => tag);
}
