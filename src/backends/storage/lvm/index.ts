import type { Backend } from "../../contract.ts";
import { lastFact, oldest, unseen } from "../../known.ts";
import type { Observations } from "../../probe.ts";
import type { Finding, Reference, ResourceOf } from "../../resource.ts";
import { sayRatio } from "../../words.ts";
import { data } from "./data.ts";
import { disks, type LogicalVolume, type PhysicalVolume, volumes } from "./probes.ts";

/** Volume groups of LVM, and snapshots of their volumes. */
export const lvm: Backend = {
  id: "lvm",
  kind: "storage",
  title: "LVM",
  looksFor: { programs: ["lvs"], paths: [] },
  detect: ({ programs }) =>
    programs.has("lvs") ? { present: true } : { present: false, why: "LVM is not installed" },
  probes: () => [disks, volumes],
  resources: ({ observations }) => {
    const members = lastFact(observations, disks) ?? [];
    return [...new Set(members.map(({ group }) => group))].map((group) =>
      toResource(
        group,
        members.filter((member) => member.group === group),
        observations,
      ),
    );
  },
  data,
};

function toResource(
  name: string,
  members: readonly PhysicalVolume[],
  observations: Observations,
): ResourceOf<"pool"> {
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
