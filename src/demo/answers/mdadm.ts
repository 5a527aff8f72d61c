import type { RaidArray } from "../state-storage.ts";
import type { Moment } from "../state-time.ts";
import type { FileEntry, Surroundings, Tool } from "./tool.ts";

/** Software RAID is told by the kernel's files alone. */
export const mdadm: Tool = {
  isOn: ({ arrays }) => arrays.length > 0,
  programs: {},
  files: ({ host, now }: Surroundings): Iterable<FileEntry> => [
    ["/proc/mdstat", () => "Personalities : [raid1]\n"],
    ...host.arrays.flatMap((array) => filesOf(array, now)),
  ],
};

function filesOf(array: RaidArray, now: Moment): readonly FileEntry[] {
  const { name, level, sizeBytes, members } = array;
  const folder = `/sys/block/${name}`;
  const missing = members.filter(({ state }) => state !== "in_sync").length;
  const attributes: Readonly<Record<string, string | number>> = {
    "md/array_state": "clean",
    "md/level": level,
    "md/metadata_version": "1.2",
    "md/raid_disks": members.length,
    "md/degraded": missing,
    ...syncOf(array, now),
    size: sizeBytes / 512,
  };
  return [
    [`/dev/${name}`, () => ""],
    ...Object.entries(attributes).map(
      ([file, value]): FileEntry => [`${folder}/${file}`, () => `${value}\n`],
    ),
    ...members.flatMap(({ part, state }): readonly FileEntry[] => [
      [`${folder}/md/dev-${part}/state`, () => `${state}\n`],
      [`${folder}/slaves/${part}`, undefined],
    ]),
  ];
}

function syncOf({ resync, sizeBytes }: RaidArray, now: Moment) {
  if (!resync || now >= resync.endsAt)
    return { "md/sync_action": "idle", "md/sync_completed": "none", "md/sync_speed": "none" };
  const { startedAt, endsAt } = resync;
  const sectors = sizeBytes / 512;
  const done = Math.floor((sectors * (now - startedAt)) / (endsAt - startedAt));
  return {
    "md/sync_action": "resync",
    "md/sync_completed": `${done} / ${sectors}`,
    "md/sync_speed": Math.round((sizeBytes / 1024 / (endsAt - startedAt)) * 1000),
  };
}
