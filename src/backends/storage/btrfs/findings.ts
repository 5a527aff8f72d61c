import type { Finding } from "../../resource.ts";
import { sayCount } from "../../words.ts";
import type { ErrorCounts } from "./kernel.ts";
import { type Device, dataGroups, nameOf, type Pool, sumOf, unallocatedOf } from "./pool.ts";

/** Below this nothing new can be allocated for long. */
const unallocatedLowBytes = 512 * 1024 ** 2;
const metadataFullRatio = 0.9;

/** What is not well in a pool; counters are compared with those of one round earlier. */
export const findingsOf = (pool: Pool, before: Pool): Finding[] => [
  ...findingsOfMissing(pool),
  ...pool.devices.flatMap((device) =>
    findingsOfErrors(
      pool.name,
      device,
      before.devices.find(({ id }) => id === device.id),
    ),
  ),
  ...findingsOfMetadata(pool),
  ...findingsOfScrub(pool),
];

function findingsOfMissing({ name, devices }: Pool): Finding[] {
  const missing = devices.filter(({ isMissing }) => isMissing);
  if (missing.length === 0) return [];
  const gone = `${missing.map(nameOf).join(" and ")} ${missing.length === 1 ? "is" : "are"} gone`;
  const runs = `runs on ${devices.length - missing.length} of ${sayCount(devices.length, "disk")}`;
  return [{ severity: "failed", message: `${name} ${runs}; ${gone}` }];
}

const words: Readonly<Record<keyof ErrorCounts, string>> = {
  write: "write error",
  flush: "flush error",
  read: "read error",
  corruption: "corruption error",
  generation: "generation error",
};

/** What could not be written is not on that device: the pool has less copies than it should. */
function findingsOfErrors(pool: string, device: Device, before: Device | undefined): Finding[] {
  const { errors, isMissing } = device;
  if (!errors || isMissing || sumOf(errors) === 0) return [];
  const counted = (Object.keys(words) as (keyof ErrorCounts)[])
    .filter((kind) => errors[kind] > 0)
    .map((kind) => sayCount(errors[kind], words[kind]));
  const isGrowing = before?.errors !== undefined && sumOf(errors) > sumOf(before.errors);
  const isLosing = errors.write + errors.flush > 0;
  return [
    {
      severity: isGrowing || isLosing ? "failed" : "warning",
      message: `${nameOf(device)} in ${pool} had ${counted.join(", ")}${isGrowing ? ", and counting" : ""}`,
    },
  ];
}

function findingsOfMetadata(pool: Pool): Finding[] {
  const metadata = pool.groups.find(({ kind }) => kind === "Metadata");
  const isFull = metadata && metadata.usedBytes > metadataFullRatio * metadata.allocatedBytes;
  return isFull && (unallocatedOf(pool) ?? Number.POSITIVE_INFINITY) < unallocatedLowBytes
    ? [{ severity: "warning", message: `${pool.name} has no room left for metadata` }]
    : [];
}

function findingsOfScrub({ name, scrub }: Pool): Finding[] {
  if (!scrub || scrub.uncorrectable === 0) return [];
  const errors = sayCount(scrub.uncorrectable, "error");
  return [{ severity: "failed", message: `the last scrub of ${name} found ${errors} without a good copy` }];
}

/** `raid1`, or `single, metadata dup`. */
export function layoutOf(pool: Pool): string | undefined {
  const data = dataGroups(pool)[0]?.profile;
  const metadata = pool.groups.find(({ kind }) => kind === "Metadata")?.profile;
  return metadata === undefined || metadata === data ? data : `${data}, metadata ${metadata}`;
}
