import type { RaidArray } from "../state-storage.ts";
import type { FileEntry, Surroundings, Tool } from "./tool.ts";

/** Software RAID is told by the kernel's files alone. */
export const mdadm: Tool = {
  isOn: ({ arrays }) => arrays.length > 0,
  programs: {},
  files: ({ host }: Surroundings): Iterable<FileEntry> => [
    ["/proc/mdstat", () => "Personalities : [raid1]\n"],
    ...host.arrays.flatMap(filesOf),
  ],
};

function filesOf({ name, level, sizeBytes, members }: RaidArray): readonly FileEntry[] {
  const folder = `/sys/block/${name}`;
  const missing = members.filter(({ state }) => state !== "in_sync").length;
  const attributes: Readonly<Record<string, string | number>> = {
    "md/array_state": "clean",
    "md/level": level,
    "md/metadata_version": "1.2",
    "md/raid_disks": members.length,
    "md/degraded": missing,
    "md/sync_action": "idle",
    "md/sync_completed": "none",
    "md/sync_speed": "none",
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
