import { parseFiles, parseLook } from "../../../command/answers.ts";
import { known } from "../../known.ts";
import { parseNumber } from "../../parse.ts";
import { defineProbe } from "../../probe.ts";

/** One array as the kernel tells it. Source of the words: Documentation/admin-guide/md.rst. */
export interface RaidArray {
  /** md0, md127 … */
  readonly name: string;
  /** clear, inactive, suspended, readonly, read-auto, clean, active, write-pending, active-idle, broken. */
  readonly state: string;
  readonly level?: string;
  /** `external:imsm` is a container of arrays that is inactive for ever. */
  readonly metadata?: string;
  readonly disksWanted?: number;
  /** How many of those are missing. Absent for a level without redundancy. */
  readonly disksMissing?: number;
  readonly sizeBytes?: number;
  readonly members: readonly { readonly name: string; readonly state: string }[];
  /** idle, frozen, resync, recover, check, repair, reshape. */
  readonly action?: string;
  readonly doneSectors?: number;
  readonly totalSectors?: number;
  readonly kibibytesPerSecond?: number;
  /** All that stands on it, such as logical volumes. */
  readonly above: readonly string[];
}

const attributes =
  "array_state level metadata_version raid_disks degraded sync_action sync_completed sync_speed dev-*/state";

/** From sysfs: no root, and no text for people to read. Where there is no array, nothing is answered. */
export const arrays = defineProbe({
  id: "mdadm.arrays",
  question: {
    files: [
      ...attributes.split(" ").map((attribute) => `/sys/block/md*/md/${attribute}`),
      "/sys/block/md*/size",
      "/sys/block/md*/holders/*",
      "/sys/block/md*/holders/*/dm/name",
      "/sys/block/md*/holders/*/holders/*/dm/name",
      "/sys/block/md*/md*p*/partition",
    ],
    lines: 1,
  },
  freshMs: 10_000,
  sees: "RAID arrays",
  parse: ({ stdout }) => toArrays(parseFiles(stdout)),
});

/** A container sees the arrays of the whole machine in /sys; its own are those that are in its /dev. */
export const nodes = defineProbe({
  id: "mdadm.nodes",
  question: { programs: [], paths: ["/dev/md*"] },
  freshMs: 300_000,
  sees: "which RAID arrays are this host's own",
  parse: ({ stdout }) => [...parseLook(stdout).paths],
});

function toArrays(files: ReadonlyMap<string, string>): RaidArray[] {
  const names = [...files.keys()].flatMap((path) => /^\/sys\/block\/(md[^/]+)\/md\//.exec(path)?.[1] ?? []);
  return [...new Set(names)].flatMap((name) => {
    const value = (attribute: string) => files.get(`/sys/block/${name}/${attribute}`)?.trim() || undefined;
    const number = (attribute: string) => parseNumber(value(attribute));
    const state = value("md/array_state");
    if (state === undefined) return [];
    const sectors = number("size");
    const [done, total] = /^(\d+) \/ (\d+)$/.exec(value("md/sync_completed") ?? "")?.slice(1) ?? [];
    return known({
      name,
      state,
      level: value("md/level"),
      metadata: value("md/metadata_version"),
      disksWanted: number("md/raid_disks"),
      disksMissing: number("md/degraded"),
      sizeBytes: sectors === undefined ? undefined : sectors * 512,
      members: membersOf(name, files),
      action: value("md/sync_action"),
      doneSectors: parseNumber(done),
      totalSectors: parseNumber(total),
      kibibytesPerSecond: number("md/sync_speed"),
      above: aboveOf(name, files),
    });
  });
}

const membersOf = (name: string, files: ReadonlyMap<string, string>) =>
  [...files].flatMap(([path, state]) => {
    const member = path.startsWith(`/sys/block/${name}/md/`) && /\/dev-([^/]+)\/state$/.exec(path)?.[1];
    // In sysfs a slash in the name of a device is an exclamation mark.
    return member ? [{ name: member.replaceAll("!", "/"), state: state.trim() }] : [];
  });

/** Partitions, and what device-mapper made of it, two storeys high: a volume in a group on an encrypted array. */
const aboveOf = (name: string, files: ReadonlyMap<string, string>) =>
  [...files].flatMap(([path, text]) => {
    const below = path.startsWith(`/sys/block/${name}/`) ? path.slice(`/sys/block/${name}/`.length) : "";
    if (below.endsWith("/dm/name")) return [`/dev/mapper/${text.trim()}`];
    const node = /^holders\/([^/]+)$/.exec(below)?.[1] ?? /^(md[^/]+p\d+)\/partition$/.exec(below)?.[1];
    return node ? [`/dev/${node}`] : [];
  });
