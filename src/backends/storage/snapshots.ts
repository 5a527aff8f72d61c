import type { Data } from "../../inventory/service.ts";
import type { Planning } from "../../plan/planning.ts";
import type { Snapshot } from "../data-verbs.ts";
import { isWhyNot, type WhyNot } from "../verbs.ts";

/** Looks at a place. `number` counts from 1, and tells the steps of several places apart. */
type Find<Found> = (place: Data, number: number) => Planning<Found | WhyNot>;

/** All of them, or why one of them cannot be worked on. */
export function* findEach<Found extends object>(
  places: readonly Data[],
  find: Find<Found>,
): Planning<readonly Found[] | WhyNot> {
  const all: Found[] = [];
  for (const [index, place] of places.entries()) {
    const found = yield* find(place, index + 1);
    if (isWhyNot(found)) return found;
    all.push(found);
  }
  return all;
}

/** The snapshots of all of them, the newest first. */
export function* listEach<Found extends object>(
  places: readonly Data[],
  find: Find<Found>,
  snapshotsOf: (found: Found) => Planning<readonly Snapshot[]>,
): Planning<readonly Snapshot[] | WhyNot> {
  const found = yield* findEach(places, find);
  if (isWhyNot(found)) return found;
  const all: Snapshot[] = [];
  for (const each of found) all.push(...(yield* snapshotsOf(each)));
  return all.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
}

/** Why nothing can be brought back from `tag`: it is not among the `snapshots` of `name`, or is of no use any more. */
export function whyNotThere(
  name: string,
  host: string,
  tag: string,
  snapshots: readonly Snapshot[],
): WhyNot | undefined {
  const there = snapshots.find((snapshot) => snapshot.tag === tag);
  if (!there)
    return {
      whyNot: `${name} on ${host} has no snapshot ${tag}.`,
      hint: "scrap snapshots lists what there is.",
    };
  return there.invalid === undefined
    ? undefined
    : { whyNot: `The snapshot ${tag} of ${name} on ${host} is of no use: ${there.invalid}.` };
}
