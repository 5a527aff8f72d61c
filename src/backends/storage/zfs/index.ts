import type { Backend } from "../../contract.ts";
import { known, lastFact, oldest, unseen } from "../../known.ts";
import type { Observations } from "../../probe.ts";
import type { Finding, Reference, ResourceOf } from "../../resource.ts";
import { data } from "./data.ts";
import { inFull, namesBy } from "./device-names.ts";
import { findingsOf } from "./findings.ts";
import { allVdevs, devicesOf, type Pool, type Vdev } from "./pool.ts";
import { capacities, datasets, realPaths, speaksJson, status, version } from "./probes.ts";
import { send } from "./send.ts";

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
  send,
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
  const real = realPathsOf(name, devices, observations);
  const nameOf = namesBy(real);
  const doing = scan?.doing === "scrub" ? "scrubbing" : "resilvering";
  const progress =
    scan?.isRunning && scan.doneRatio !== undefined
      ? known({ doing, ratio: scan.doneRatio, leftMs: scan.leftMs })
      : undefined;
  return {
    kind: "pool",
    name,
    findings: [...findingsOf(pool, capacity, nameOf), ...unknown],
    seenAt,
    // A dataset that is mounted is told as a file system, which uses this pool.
    is: [
      `zpool:${name}`,
      ...own.filter(({ isMounted }) => !isMounted).map((each): Reference => `dataset:${each.name}`),
    ],
    uses: pathsOf(devices, real).map((path): Reference => `device:${path}`),
    details: known({
      type: "zfs",
      state: state.toLowerCase(),
      sizeBytes: capacity?.sizeBytes,
      usedBytes: capacity?.allocatedBytes,
      layout: layoutOf(vdevs),
      devices: devices.map((device) => ({
        name: inFull(nameOf(device.name)),
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

/** By what the status calls each device its real path, where both tell of the same devices. */
function realPathsOf(
  pool: string,
  devices: readonly Vdev[],
  observations: Observations,
): ReadonlyMap<string, string> {
  const real = lastFact(observations, realPaths)?.find((each) => each.pool === pool)?.paths ?? [];
  if (real.length !== devices.length) return new Map();
  return new Map(
    devices.flatMap(({ name }, index) => {
      const path = real[index];
      return path?.startsWith("/dev/") ? [[name, path]] : [];
    }),
  );
}

const pathsOf = (devices: readonly Vdev[], real: ReadonlyMap<string, string>): readonly string[] =>
  [...new Set([...real.values(), ...devices.map(({ name }) => name)])].filter((path) =>
    path.startsWith("/dev/"),
  );
