import type { Data } from "../../../inventory/service.ts";
import type { Backend } from "../../contract.ts";
import { known, lastFact, oldest, unseen } from "../../known.ts";
import type { Observations, Seen } from "../../probe.ts";
import type { Finding, NewestSnapshots, Reference, ResourceOf } from "../../resource.ts";
import { data } from "./data.ts";
import { inFull, namesBy } from "./device-names.ts";
import { findingsOf } from "./findings.ts";
import { allVdevs, devicesOf, type Pool, type Vdev } from "./pool.ts";
import {
  capacities,
  type Dataset,
  datasets,
  realPaths,
  snapshots,
  speaksJson,
  status,
  version,
} from "./probes.ts";
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
  probes: (seen) => [
    status(speaksJson(seen.version)),
    ...(speaksJson(seen.version) ? [realPaths] : []),
    capacities,
    datasets,
    ...snapshotProbes(keptIn(seen)),
  ],
  resources: (seen) => {
    const { observations } = seen;
    const asked = [status(speaksJson(seen.version)), capacities, datasets] as const;
    const seenAt = oldest(asked.map((probe) => observations.of<unknown>(probe)));
    if (!seenAt) return [];
    return (lastFact(observations, asked[0]) ?? []).map((pool) =>
      toResource(pool, seen, seenAt, unseen(observations, asked)),
    );
  },
  data,
  send,
};

/** A dataset that a declared service keeps data in, by the name that it was declared by. */
interface Kept {
  readonly dataset: Dataset;
  readonly of: Reference;
}

const keptIn = ({ observations, places = [] }: Seen): readonly Kept[] =>
  (lastFact(observations, datasets) ?? []).flatMap((dataset) =>
    places.flatMap((place): readonly Kept[] => {
      const of = referenceTo(place, dataset);
      return of === undefined ? [] : [{ dataset, of }];
    }),
  );

function referenceTo({ kind, name }: Data, dataset: Dataset): Reference | undefined {
  if (kind === "zfs" && name === dataset.name) return `dataset:${name}`;
  return kind === "path" && dataset.isMounted && name === dataset.mountpoint ? `mount:${name}` : undefined;
}

const snapshotProbes = (kept: readonly Kept[]) =>
  [...new Set(kept.map(({ dataset }) => dataset.name))].map(snapshots);

const snapshotsIn = (pool: string, seen: Seen): readonly NewestSnapshots[] =>
  keptIn(seen).flatMap(({ dataset: { name }, of }) => {
    const newest = name.split("/", 1)[0] === pool ? lastFact(seen.observations, snapshots(name)) : undefined;
    return newest ? [{ of, newest }] : [];
  });

function toResource(pool: Pool, seen: Seen, seenAt: Date, unknown: readonly Finding[]): ResourceOf<"pool"> {
  const { observations } = seen;
  const { name, state, scan, vdevs } = pool;
  const capacity = lastFact(observations, capacities)?.find((each) => each.name === name);
  const own = (lastFact(observations, datasets) ?? []).filter((each) => each.name.split("/", 1)[0] === name);
  const devices = allVdevs(pool).flatMap(devicesOf);
  const real = realPathsOf(name, devices, observations);
  const nameOf = namesBy(real);
  const kept = snapshotsIn(name, seen);
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
      snapshots: kept.length === 0 ? undefined : kept,
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
