import { parseSnapshotTag } from "../../../plan/snapshot-tag.ts";
import type { Backend } from "../../contract.ts";
import { lastFact, oldest, unseen } from "../../known.ts";
import type { Seen } from "../../probe.ts";
import type { Finding, NewestSnapshots, Reference, ResourceOf } from "../../resource.ts";
import { sayRatio } from "../../words.ts";
import { newestOf } from "../newest-snapshots.ts";
import { data } from "./data.ts";
import { disks, type LogicalVolume, type PhysicalVolume, snapshots, volumes } from "./probes.ts";

/** Volume groups of LVM, and snapshots of their volumes. */
export const lvm: Backend = {
  id: "lvm",
  kind: "storage",
  title: "LVM",
  looksFor: { programs: ["lvs"], paths: [] },
  detect: ({ programs }) =>
    programs.has("lvs") ? { present: true } : { present: false, why: "LVM is not installed" },
  probes: (seen) => [disks, volumes, ...snapshotProbes(seen)],
  resources: (seen) => {
    const { observations } = seen;
    const members = lastFact(observations, disks) ?? [];
    return [...new Set(members.map(({ group }) => group))].map((group) =>
      toResource(
        group,
        members.filter((member) => member.group === group),
        seen,
      ),
    );
  },
  data,
};

/** Declared volumes that are there. */
const keptIn = ({ observations, places = [] }: Seen): readonly LogicalVolume[] =>
  (lastFact(observations, volumes) ?? []).filter(({ group, name }) =>
    places.some((place) => place.kind === "lvm" && place.name === `${group}/${name}`),
  );

const snapshotProbes = (seen: Seen) => [...new Set(keptIn(seen).map(({ group }) => group))].map(snapshots);

/** Ours by their names, as they hang on another one once one was put back; those of others by what they are a snapshot of. */
function snapshotsIn(group: string, seen: Seen): readonly NewestSnapshots[] {
  const listed = lastFact(seen.observations, snapshots(group));
  if (!listed) return [];
  return keptIn(seen)
    .filter((volume) => volume.group === group)
    .map(({ name }) => ({
      of: `lv:${group}/${name}`,
      newest: newestOf(
        listed.flatMap((line) => {
          const tag = line.name.slice(name.length + 1);
          if (line.name.startsWith(`${name}_`) && parseSnapshotTag(tag)) return [{ tag, at: line.at }];
          return line.origin === name ? [{ tag: line.name, at: line.at }] : [];
        }),
      ),
    }));
}

function toResource(name: string, members: readonly PhysicalVolume[], seen: Seen): ResourceOf<"pool"> {
  const { observations } = seen;
  const kept = snapshotsIn(name, seen);
  const own = (lastFact(observations, volumes) ?? []).filter(({ group }) => group === name);
  const missing = members.filter(({ isMissing }) => isMissing);
  const sizeBytes = members[0]?.groupSizeBytes ?? 0;
  return {
    kind: "pool",
    name,
    findings: [
      ...(missing.length > 0
        ? [{ severity: "failed", message: `disks of ${name} are missing: ${missing.length}` } as const]
        : []),
      ...own.flatMap(findingsOf),
      ...unseen(observations, [disks, volumes]),
    ],
    seenAt: oldest([observations.of(disks), observations.of(volumes)]) ?? new Date(0),
    is: [],
    uses: members.map(({ device }): Reference => `device:${device}`),
    details: {
      type: "lvm",
      state: missing.length > 0 ? "partial" : "online",
      sizeBytes,
      usedBytes: sizeBytes - (members[0]?.groupFreeBytes ?? 0),
      devices: members.map(({ device, isMissing }) => ({
        name: device,
        state: isMissing ? "missing" : "online",
      })),
      ...(kept.length > 0 ? { snapshots: kept } : {}),
    },
  };
}

const highRatio = 0.8;

const troubleWords = {
  failed: "has failed",
  full: "is full: whatever writes to it stands still, or fails",
  metadata: "can write down nothing new: its metadata is full or damaged",
} as const;

function findingsOf(volume: LogicalVolume): readonly Finding[] {
  const { group, name, kind, origin, isInvalid, trouble, usedRatio = 0, bookkeepingRatio = 0 } = volume;
  const worst = Math.max(usedRatio, bookkeepingRatio);
  if (kind === "snapshot" && isInvalid)
    return [
      {
        severity: "warning",
        message: `the snapshot ${name} of ${group}/${origin} is full, and of no use any more`,
      },
    ];
  if (kind === "snapshot" && usedRatio >= highRatio)
    return [
      {
        severity: "warning",
        message: `the snapshot ${name} of ${group}/${origin} is ${sayRatio(usedRatio)} full: once it is full it is of no use`,
      },
    ];
  if (kind === "thin pool" && trouble)
    return [{ severity: "failed", message: `the thin pool ${group}/${name} ${troubleWords[trouble]}` }];
  if (kind === "thin pool" && worst >= highRatio)
    return [
      {
        severity: worst >= 0.95 ? "failed" : "warning",
        message: `the thin pool ${group}/${name} is ${sayRatio(worst)} full: once it is full, whatever writes to it stands still`,
      },
    ];
  return [];
}
