import { command } from "../../../command/command.ts";
import { known } from "../../known.ts";
import { expectExit, parseLines, parseNumber, unreadable } from "../../parse.ts";
import { defineProbe, type Probe } from "../../probe.ts";
import { newestOf, snapshotsFreshMs } from "../newest-snapshots.ts";
import { allVdevs, devicesOf, type Pool } from "./pool.ts";
import { parseStatusJson } from "./status-json.ts";
import { parseStatusText } from "./status-text.ts";

/** Of the tools, which word the answers; the module may be of another one. */
export const version = defineProbe({
  id: "zfs.version",
  question: command("zpool", "version"),
  freshMs: 24 * 3_600_000,
  sees: "version of ZFS",
  parse: (output) => {
    // Without the module it exits with 1 after the line of the tools.
    const number = /^zfs-(\d\S*)$/m.exec(output.stdout)?.[1];
    if (number === undefined) throw unreadable("Not a version", output.stdout);
    return number;
  },
});

/** Since 2.3 the tools speak JSON. */
export function speaksJson(zfsVersion: string | undefined): boolean {
  const [major = 0, minor = 0] = zfsVersion?.split(".").map(Number) ?? [];
  return major > 2 || (major === 2 && minor >= 3);
}

const common = {
  id: "zfs.status",
  freshMs: 60_000,
  sees: "state of the ZFS pools",
};
const asText = command("zpool", "status", "-L", "-P", "-p");

/**
 * Real paths (-L), with the partition (-P), as lsblk says them. With -L the JSON of 2.3 has no state of any device:
 * there `realPaths` tells the rest. It exits with 0 when a pool is degraded.
 */
export const status = (isJson: boolean): Probe<readonly Pool[]> =>
  isJson
    ? defineProbe({
        ...common,
        question: command("zpool", "status", "-P", "-p", "-j"),
        parse: (output) => parseStatusJson(expectExit(output).stdout),
      })
    : defineProbe({
        ...common,
        question: asText,
        parse: (output) => parseStatusText(expectExit(output).stdout),
      });

export interface DevicePaths {
  readonly pool: string;
  /** In the order of the status. */
  readonly paths: readonly string[];
}

/** Under which names the rest of the host knows the devices of the pools. */
export const realPaths = defineProbe<readonly DevicePaths[]>({
  id: "zfs.paths",
  question: asText,
  freshMs: 300_000,
  sees: "paths of the ZFS devices",
  parse: (output) =>
    parseStatusText(expectExit(output).stdout).map((pool) => ({
      pool: pool.name,
      paths: allVdevs(pool)
        .flatMap(devicesOf)
        .map((device) => device.name),
    })),
});

export interface Capacity {
  readonly name: string;
  readonly sizeBytes?: number;
  readonly allocatedBytes?: number;
}

/** The same tabs in every version. A pool that cannot be opened has `-` for numbers. */
export const capacities = defineProbe<readonly Capacity[]>({
  id: "zfs.pools",
  question: command("zpool", "list", "-H", "-p", "-o", "name,size,allocated"),
  freshMs: 60_000,
  sees: "space of the ZFS pools",
  parse: (output) =>
    parseLines(expectExit(output).stdout).map((line) => {
      const [name, size, allocated] = line.split("\t");
      if (!name || allocated === undefined) throw unreadable("Not a pool", line);
      return known({ name, sizeBytes: parseNumber(size), allocatedBytes: parseNumber(allocated) });
    }),
});

export interface Dataset {
  readonly name: string;
  readonly usedBytes: number;
  readonly availableBytes: number;
  readonly mountpoint?: string;
  readonly isMounted: boolean;
}

export const datasets = defineProbe<readonly Dataset[]>({
  id: "zfs.datasets",
  question: command(
    ...(["zfs", "list", "-H", "-p", "-t", "filesystem,volume"] as const),
    ...["-o", "name,used,available,mountpoint,mounted"],
  ),
  freshMs: 300_000,
  sees: "ZFS datasets",
  parse: (output) =>
    parseLines(expectExit(output).stdout).map((line) => {
      const [name, used, available, mountpoint, mounted] = line.split("\t");
      const usedBytes = parseNumber(used);
      const availableBytes = parseNumber(available);
      if (!name || usedBytes === undefined || availableBytes === undefined || mounted === undefined)
        throw unreadable("Not a dataset", line);
      return known({
        name,
        usedBytes,
        availableBytes,
        mountpoint: mountpoint?.startsWith("/") ? mountpoint : undefined,
        isMounted: mounted === "yes",
      });
    }),
});

/** Of that dataset alone: a pool may have many thousand. */
export const snapshots = (dataset: string) =>
  defineProbe({
    id: "zfs.snapshots",
    item: dataset,
    question: command(
      ...(["zfs", "list", "-H", "-p", "-d", "1", "-t", "snapshot", "-o", "name,creation", "--"] as const),
      dataset,
    ),
    freshMs: snapshotsFreshMs,
    sees: `snapshots of ${dataset}`,
    parse: (output) =>
      newestOf(
        parseLines(expectExit(output).stdout).map((line) => {
          const [name = "", creation] = line.split("\t");
          const tag = name.slice(dataset.length + 1);
          const seconds = parseNumber(creation);
          if (!name.startsWith(`${dataset}@`) || seconds === undefined)
            throw unreadable("Not a snapshot", line);
          return { tag, at: new Date(seconds * 1000).toISOString() };
        }),
      ),
  });
