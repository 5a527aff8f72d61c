import type { Backend, Finding, Observations, Reference, ResourceOf } from "../../contract.ts";
import { known, lastFact, oldest, unseen } from "../../known.ts";
import { data } from "./data.ts";
import { findingsOf, shortName } from "./findings.ts";
import { allVdevs, devicesOf, type Pool, type Vdev } from "./pool.ts";
import { capacities, datasets, realPaths, speaksJson, status, version } from "./probes.ts";

/** Pools and datasets of OpenZFS. */
export const zfs: Backend = {
  id: "zfs",
  kind: "storage",
  title: "OpenZFS",
  looksFor: { programs: ["zpool"], paths: ["/dev/zfs"] },
  detect: ({ programs, paths }) => {
    if (!programs.has("zpool")) return { present: false, why: "ZFS is not installed" };
    return paths.has("/dev/zfs")
      ? { present: true }
      : { present: false, why: "the ZFS module is not loaded" };
  },
  version,
  probes: ({ version: number }) => [
    status(speaksJson(number)),
    ...(speaksJson(number) ? [realPaths] : []),
    capacities,
    datasets,
  ],
  resources: (seen) => {
    const { observations } = seen;
    const asked = [status(speaksJson(seen.version)), capacities, datasets] as const;
    const seenAt = oldest(asked.map((probe) => observations.of<unknown>(probe)));
    if (!seenAt) return [];
    return (lastFact(observations, asked[0]) ?? []).map((pool) =>
      toResource(pool, observations, seenAt, unseen(observations, asked)),
    );
  },
  data,
};

function toResource(
  pool: Pool,
  observations: Observations,
  seenAt: Date,
  unknown: readonly Finding[],
): ResourceOf<"pool"> {
  const { name, state, scan, vdevs } = pool;
  const capacity = lastFact(observations, capacities)?.find((each) => each.name === name);
  const own = (lastFact(observations, datasets) ?? []).filter((each) => each.name.split("/", 1)[0] === name);
  const devices = allVdevs(pool).flatMap(devicesOf);
  const doing = scan?.doing === "scrub" ? "scrubbing" : "resilvering";
  const progress =
    scan?.isRunning && scan.doneRatio !== undefined
      ? known({ doing, ratio: scan.doneRatio, leftMs: scan.leftMs })
      : undefined;
  return {
    kind: "pool",
    name,
    findings: [...findingsOf(pool, capacity), ...unknown],
    seenAt,
    // A dataset that is mounted is told as a file system, which uses this pool.
    is: [
      `zpool:${name}`,
      ...own.filter(({ isMounted }) => !isMounted).map((each): Reference => `dataset:${each.name}`),
    ],
    uses: pathsOf(name, devices, observations).map((path): Reference => `device:${path}`),
    details: known({
      type: "zfs",
      state: state.toLowerCase(),
      sizeBytes: capacity?.sizeBytes,
      usedBytes: capacity?.allocatedBytes,
      layout: layoutOf(vdevs),
      devices: devices.map((device) => ({
        name: shortName(device.name),
        state: device.state.toLowerCase(),
        errors: device.errors.read + device.errors.write + device.errors.checksum,
      })),
      progress,
      lastScrubAt: scan?.doing === "scrub" ? scan.endedAt : undefined,
      datasets: own.map(({ isMounted: _, ...dataset }) => dataset),
    }),
  };
}

/** `mirror`, or `raidz1 + mirror` for different groups beside one another. */
function layoutOf(vdevs: readonly Vdev[]): string | undefined {
  const kinds = vdevs.map(({ name, children }) =>
    children.length === 0 ? "disk" : name.replace(/-\d+$/, ""),
  );
  return [...new Set(kinds)].join(" + ") || undefined;
}

/** The real path of each device beside what the status calls it. */
function pathsOf(pool: string, devices: readonly Vdev[], observations: Observations): readonly string[] {
  const real = lastFact(observations, realPaths)?.find((each) => each.pool === pool)?.paths ?? [];
  const names = devices.map((device) => device.name);
  return [...new Set(real.length === names.length ? [...real, ...names] : names)].filter((path) =>
    path.startsWith("/dev/"),
  );
}
