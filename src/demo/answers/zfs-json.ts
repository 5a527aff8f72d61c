import { guidOf } from "../stand-ins.ts";
import type { ZfsDevice, Zpool } from "../state-storage.ts";
import type { Surroundings } from "./tool.ts";
import { isOnline, poolStatusOf } from "./zfs-state.ts";

/** `zpool status -P -p -j`: numbers are strings, exact. */
export const statusJson = (surroundings: Surroundings) => ({
  output_version: { command: "zpool status", vers_major: 0, vers_minor: 1 },
  pools: Object.fromEntries(surroundings.host.zpools.map((pool) => [pool.name, toPool(pool, surroundings)])),
});

function toPool(pool: Zpool, { host, now, dateOf }: Surroundings) {
  const { name, allocatedBytes, sizeBytes, mirror, scan } = pool;
  const { state, status, action, scan: progress } = poolStatusOf(pool, now);
  const seconds = (moment: number) => `${Math.floor(dateOf(moment).getTime() / 1000)}`;
  const guid = guidOf(`${host.name} ${name}`);
  const common = {
    class: "normal",
    state,
    alloc_space: `${allocatedBytes}`,
    total_space: `${sizeBytes}`,
    def_space: `${sizeBytes}`,
  };
  const done = `${Math.floor(allocatedBytes * progress.doneRatio)}`;
  return {
    name,
    state,
    pool_guid: guid,
    txg: "1402244",
    spa_version: "5000",
    zpl_version: "5",
    ...(status === undefined ? {} : { status: `${status}\n`, action: `${action}\n` }),
    scan_stats: {
      function: scan.doing.toUpperCase(),
      state: progress.isRunning ? "SCANNING" : "FINISHED",
      start_time: seconds(scan.startedAt),
      end_time: progress.isRunning ? "0" : seconds(scan.endsAt),
      to_examine: `${allocatedBytes}`,
      examined: done,
      skipped: "0",
      processed: scan.doing === "resilver" ? done : "0",
      errors: "0",
      bytes_per_scan: "0",
      pass_start: seconds(scan.startedAt),
      scrub_pause: "0",
      scrub_spent_paused: "0",
      issued_bytes_per_scan: "0",
      issued: done,
    },
    vdevs: {
      [name]: {
        name,
        vdev_type: "root",
        guid,
        ...common,
        ...noErrors,
        vdevs: {
          "mirror-0": {
            name: "mirror-0",
            vdev_type: "mirror",
            guid: guidOf(`${guid} mirror-0`),
            ...common,
            rep_dev_size: `${sizeBytes}`,
            ...noErrors,
            vdevs: Object.fromEntries(mirror.map((device, index) => toVdev(device, index, sizeBytes))),
          },
        },
      },
    },
    error_count: "0",
  };
}

const noErrors = { read_errors: "0", write_errors: "0", checksum_errors: "0" };

function toVdev(device: ZfsDevice, index: number, sizeBytes: number): readonly [string, object] {
  const { id, replacement } = device;
  if (!replacement) return [pathOf(id), toDisk(device, sizeBytes)];
  const name = `replacing-${index}`;
  const fresh: ZfsDevice = { ...replacement, state: "ONLINE", errors: { read: 0, write: 0, checksum: 0 } };
  const { replacement: _, ...old } = device;
  return [
    name,
    {
      name,
      vdev_type: "replacing",
      guid: guidOf(`${id} replacing`),
      class: "normal",
      state: isOnline(old) ? "ONLINE" : "DEGRADED",
      rep_dev_size: `${sizeBytes}`,
      ...noErrors,
      vdevs: Object.fromEntries([old, fresh].map((each) => [pathOf(each.id), toDisk(each, sizeBytes)])),
    },
  ];
}

const toDisk = ({ id, state, errors }: ZfsDevice, sizeBytes: number) => ({
  name: pathOf(id),
  vdev_type: "disk",
  guid: guidOf(id),
  path: pathOf(id),
  class: "normal",
  state,
  rep_dev_size: `${sizeBytes}`,
  phys_space: `${sizeBytes + 18_350_080}`,
  read_errors: `${errors.read}`,
  write_errors: `${errors.write}`,
  checksum_errors: `${errors.checksum}`,
  slow_ios: "0",
});

const pathOf = (id: string) => `/dev/disk/by-id/${id}-part1`;
