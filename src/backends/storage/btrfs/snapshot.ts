import type { RunStep } from "../../../plan/plan.ts";
import { learn, type Planning } from "../../../plan/planning.ts";

import type { Snapshot } from "../../data-verbs.ts";
import { asRoot, dataStep, isGone } from "../data-steps.ts";
import { type Subvolume, snapshotAt } from "./subvolume.ts";

/** For root alone: what nobody may read any more is in old snapshots still readable. */
export const makeFolder = ({ snapshots }: Subvolume, host: string, number: number): RunStep =>
  dataStep(`folder-${number}`, `Make the folder of the snapshots`, host, [
    ...(["install", "-d", "-m", "0700", "--"] as const),
    snapshots.slice(0, snapshots.lastIndexOf("/")),
    snapshots,
  ]);

export const takeSnapshot = (
  { path, entry, snapshots }: Subvolume,
  host: string,
  tag: string,
  number: number,
): RunStep =>
  dataStep(
    `snapshot-${number}`,
    `Make a snapshot of ${path}`,
    host,
    ["btrfs", "subvolume", "snapshot", "-r", "--", entry, `${snapshots}/${tag}`],
    {
      done: {
        kind: "command",
        title: `${snapshots}/${tag} is a read-only snapshot`,
        host,
        command: asRoot("btrfs", "property", "get", "-ts", `${snapshots}/${tag}`, "ro"),
        expect: { stdout: "ro=true" },
      },
    },
  );

export const destroySnapshot = (
  { path, snapshots }: Subvolume,
  host: string,
  tag: string,
  id: string,
): RunStep =>
  dataStep(
    id,
    `Destroy the snapshot ${tag} of ${path}`,
    host,
    ["btrfs", "subvolume", "delete", "-c", "--", `${snapshots}/${tag}`],
    { effect: "destroys", destroys: [`${host}:${path}@${tag}`], done: isGone(`${snapshots}/${tag}`, host) },
  );

export function* snapshotsOf(subvolume: Subvolume, host: string): Planning<readonly Snapshot[]> {
  const { place, path } = subvolume;
  const list = yield* learn(host, asRoot("btrfs", "subvolume", "list", "-a", "-s", "--", path));
  return [...list.matchAll(/ otime (\S+) (\S+) path (?:<FS_TREE>\/)?(.*)$/gm)].flatMap(
    ([, day, time, found = ""]): Snapshot[] => {
      const tag = snapshotAt(subvolume, found);
      return tag === undefined ? [] : [{ place, tag, createdAt: new Date(`${day}T${time}Z`) }];
    },
  );
}
