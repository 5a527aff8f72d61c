import type { Backend } from "../../contract.ts";
import { known, lastFact, oldest, unseen } from "../../known.ts";
import type { Observations, Probe, Seen } from "../../probe.ts";
import type { Progress, Reference, ResourceOf } from "../../resource.ts";
import { groupByFilesystem, type Mount } from "../mounts.ts";
import { data } from "./data.ts";
import { findingsOf, layoutOf } from "./findings.ts";
import { kernelPools } from "./kernel.ts";
import { dataGroups, nameOf, sizeOf, sumOf, toPool } from "./pool.ts";
import { deviceSizes, deviceStats, groups, mounts, version } from "./probes.ts";
import { type Scrub, scrub } from "./scrub.ts";
import { send } from "./send.ts";
import { snapshotProbes, snapshotsIn } from "./snapshots.ts";

/** Pools of btrfs that this host has mounted. */
export const btrfs: Backend = {
  id: "btrfs",
  kind: "storage",
  title: "Btrfs",
  looksFor: { programs: ["btrfs"], paths: [] },
  detect: ({ programs }) =>
    programs.has("btrfs") ? { present: true } : { present: false, why: "btrfs-progs is not installed" },
  version,
  probes: (seen) => {
    const pools = mountedPools(seen.observations);
    if (pools.length === 0) return [mounts];
    return [mounts, kernelPools, ...pools.flatMap(toolProbes), ...snapshotProbes(pools, seen)];
  },
  resources: (seen, previous) =>
    mountedPools(seen.observations).map((mount) => toResource(mount, seen, previous)),
  data,
  send,
};

/** One mount of each. Several subvolumes of a pool may be mounted. */
const mountedPools = (observations: Observations): readonly Mount[] =>
  groupByFilesystem((lastFact(observations, mounts) ?? []).filter(({ type }) => type === "btrfs")).map(
    ([mount]) => mount,
  );

const toolProbes = ({ mountpoint }: Mount): readonly Probe<unknown>[] => [
  deviceStats(mountpoint),
  deviceSizes(mountpoint),
  groups(mountpoint),
  scrub(mountpoint),
];

function toResource(mount: Mount, seen: Seen, previous: Observations): ResourceOf<"pool"> {
  const { observations } = seen;
  const kept = snapshotsIn(mount, seen);
  const pool = toPool(mount, observations);
  const asked = [mounts, kernelPools, ...toolProbes(mount)];
  const data = dataGroups(pool);
  const isDegraded = pool.devices.some(({ isMissing }) => isMissing);
  return {
    kind: "pool",
    name: pool.name,
    findings: [...findingsOf(pool, toPool(mount, previous)), ...unseen(observations, asked)],
    seenAt: oldest(asked.map((probe) => observations.of(probe))) ?? new Date(0),
    is: pool.members.map((path): Reference => `btrfs:${path}`),
    uses: pool.members.map((path): Reference => `device:${path}`),
    details: known({
      type: "btrfs",
      state: pool.devices.length === 0 ? "unknown" : isDegraded ? "degraded" : "online",
      sizeBytes: sizeOf(pool),
      usedBytes: data.length === 0 ? undefined : data.reduce((sum, group) => sum + group.usedBytes, 0),
      layout: layoutOf(pool),
      devices: pool.devices.map((device) => ({
        name: nameOf(device),
        state: device.isMissing ? "missing" : "online",
        ...(device.errors ? { errors: sumOf(device.errors) } : {}),
      })),
      progress: pool.scrub && progressOf(pool.scrub),
      lastScrubAt: pool.scrub?.startedAt,
      snapshots: kept.length === 0 ? undefined : kept,
    }),
  };
}

const progressOf = ({ status, doneRatio, leftMs }: Scrub): Progress | undefined =>
  status === "running" && doneRatio !== undefined
    ? known({ doing: "scrubbing", ratio: doneRatio, leftMs })
    : undefined;
