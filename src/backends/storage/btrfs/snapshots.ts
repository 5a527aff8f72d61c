import type { Data } from "../../../inventory/service.ts";
import { lastFact } from "../../known.ts";
import { expectExit, parseLines, unreadable } from "../../parse.ts";
import { defineProbe, type Probe, type Seen } from "../../probe.ts";
import type { NewestSnapshots } from "../../resource.ts";
import type { Mount } from "../mounts.ts";
import { newestOf, snapshotsFreshMs } from "../newest-snapshots.ts";
import { mounts } from "./probes.ts";

interface Shown {
  /** From the top of its file system on; empty for the whole of it. */
  readonly name: string;
  /** What was made of it and is there still, by its path from the top on. */
  readonly copies: readonly string[];
}

/** What a declared place is. Empty where it is no subvolume, or not there: a service may only be meant to move here. */
const subvolume = (path: string): Probe<readonly Shown[]> =>
  defineProbe({
    id: "btrfs.subvolume",
    item: path,
    question: { argv: ["btrfs", "subvolume", "show", "--", path], asRoot: true },
    freshMs: snapshotsFreshMs,
    sees: `snapshots of ${path}`,
    parse: (output) => {
      const { exitCode, stdout } = expectExit(output, 0, 1);
      const [name = ""] = parseLines(stdout);
      if (exitCode !== 0) return [];
      if (!/^\s*Name:/m.test(stdout)) throw unreadable("Not a subvolume", stdout);
      const copies = /^\s*Snapshot\(s\):\n((?:\t{3,} *\S.*\n)*)/m.exec(stdout)?.[1] ?? "";
      return [
        {
          name: name === "/" ? "" : name,
          copies: parseLines(copies).map((line) => line.replace(/^\s+/, "")),
        },
      ];
    },
  });

/** The read-only snapshots of a whole file system, wherever it is mounted. */
const snapshots = (mountpoint: string): Probe<readonly { readonly path: string; readonly at: string }[]> =>
  defineProbe({
    id: "btrfs.snapshots",
    item: mountpoint,
    question: { argv: ["btrfs", "subvolume", "list", "-a", "-s", "-r", "--", mountpoint], asRoot: true },
    freshMs: snapshotsFreshMs,
    sees: `snapshots in the btrfs pool ${mountpoint}`,
    parse: (output) =>
      [
        ...expectExit(output).stdout.matchAll(
          / otime (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) path (?:<FS_TREE>\/)?(.*)$/gm,
        ),
      ].flatMap(([, day, time, path = ""]) => {
        const at = new Date(`${day}T${time}Z`);
        return Number.isNaN(at.getTime()) ? [] : [{ path, at: at.toISOString() }];
      }),
  });

/** Declared places on file systems of btrfs: subvolumes, and what is mounted from one. */
const keptIn = ({ observations, places = [] }: Seen) =>
  places.flatMap((place) => {
    const holder = (lastFact(observations, mounts) ?? [])
      .filter(({ mountpoint }) => isIn(place, mountpoint))
      .toSorted((a, b) => b.mountpoint.length - a.mountpoint.length)[0];
    return holder?.type === "btrfs" ? [{ path: place.name, device: holder.device }] : [];
  });

const isIn = ({ kind, name }: Data, mountpoint: string) =>
  name === mountpoint || (kind === "btrfs" && name.startsWith(mountpoint === "/" ? "/" : `${mountpoint}/`));

/** Of each file system one list, through `pools`, one mount of each. */
export function snapshotProbes(pools: readonly Mount[], seen: Seen): readonly Probe<unknown>[] {
  const kept = keptIn(seen);
  const holders = pools.filter(({ device }) => kept.some((each) => each.device === device));
  return [
    ...kept.map(({ path }) => subvolume(path)),
    ...holders.map(({ mountpoint }) => snapshots(mountpoint)),
  ];
}

/** Ours are in a folder beside it; those of others say whose they are. */
export function snapshotsIn({ mountpoint, device }: Mount, seen: Seen): readonly NewestSnapshots[] {
  const { observations } = seen;
  return keptIn(seen).flatMap((kept): readonly NewestSnapshots[] => {
    const listed = kept.device === device ? lastFact(observations, snapshots(mountpoint)) : undefined;
    const [shown] = lastFact(observations, subvolume(kept.path)) ?? [];
    if (!listed || !shown) return [];
    const at = shown.name.lastIndexOf("/") + 1;
    const folder =
      shown.name === "" ? ".scrap/.whole/" : `${shown.name.slice(0, at)}.scrap/${shown.name.slice(at)}/`;
    const own = listed.flatMap(({ path, at }) => {
      if (path.startsWith(folder)) return [{ tag: path.slice(folder.length), at }];
      return shown.copies.includes(path) ? [{ tag: path, at }] : [];
    });
    return [{ of: `mount:${kept.path}`, newest: newestOf(own) }];
  });
}
