import * as z from "zod";
import { command } from "../../../command/command.ts";
import { expectExit, parseJson, unreadable } from "../../parse.ts";
import { defineProbe, type Probe } from "../../probe.ts";
import { mountsProbe } from "../mounts.ts";
import type { ErrorCounts } from "./kernel.ts";

const minutes = 60_000;

export const version = defineProbe({
  id: "btrfs.version",
  question: command("btrfs", "--version"),
  freshMs: 24 * 60 * minutes,
  sees: "version of btrfs-progs",
  parse: (output) => {
    const number = /btrfs-progs v(\S+)/.exec(expectExit(output).stdout)?.[1];
    if (number === undefined) throw unreadable("Not a version", output.stdout);
    return number;
  },
});

export const mounts = mountsProbe("btrfs", minutes);

export interface DeviceStats {
  readonly id: string;
  /** Absent when the device is gone. */
  readonly path?: string;
  readonly errors: ErrorCounts;
}

// Until 6.3 or so every value came as a string.
const count = z.coerce.number().int().min(0);

/** The devices of one pool. The kernel tells nobody but root. */
export const deviceStats = (mountpoint: string): Probe<readonly DeviceStats[]> =>
  defineProbe({
    id: "btrfs.devices",
    item: mountpoint,
    question: { argv: ["btrfs", "--format", "json", "device", "stats", "--", mountpoint], asRoot: true },
    freshMs: 2 * minutes,
    sees: `disks of the btrfs pool ${mountpoint}`,
    parse: (output) => parseJson(expectExit(output).stdout, stats)["device-stats"],
  });

const stats = z.object({
  "device-stats": z.array(
    z
      .object({
        device: z.string(),
        devid: z.coerce.string(),
        write_io_errs: count,
        read_io_errs: count,
        flush_io_errs: count,
        corruption_errs: count,
        generation_errs: count,
      })
      .transform((device) => ({
        id: device.devid,
        // One that is gone is called `devid:2`, or `<missing disk>`.
        ...(device.device.startsWith("/") ? { path: device.device } : {}),
        errors: {
          write: device.write_io_errs,
          read: device.read_io_errs,
          flush: device.flush_io_errs,
          corruption: device.corruption_errs,
          generation: device.generation_errs,
        },
      })),
  ),
});

/** How a pool is laid out and filled, by kind of what it keeps. */
export interface Group {
  /** Data, Metadata, System, GlobalReserve. */
  readonly kind: string;
  /** single, dup, raid1 … */
  readonly profile: string;
  readonly allocatedBytes: number;
  readonly usedBytes: number;
}

/** In words: there is JSON of it only since 6.1. Needs no root. */
export const groups = (mountpoint: string): Probe<readonly Group[]> =>
  defineProbe({
    id: "btrfs.groups",
    item: mountpoint,
    question: command("btrfs", "filesystem", "df", "-b", "--", mountpoint),
    freshMs: 5 * minutes,
    sees: `space of the btrfs pool ${mountpoint}`,
    parse: (output) => {
      const { stdout } = expectExit(output);
      const lines = [...stdout.matchAll(/^(\S+), (\w+): total=(\d+), used=(\d+)$/gm)];
      if (lines.length === 0) throw unreadable("Not the space of a pool", stdout);
      return lines.map(([, kind = "", profile = "", total, used]) => ({
        kind,
        profile: profile.toLowerCase(),
        allocatedBytes: Number(total),
        usedBytes: Number(used),
      }));
    },
  });

export interface DeviceSize {
  readonly id: string;
  /** Absent when the device is gone. */
  readonly path?: string;
  readonly sizeBytes: number;
  readonly allocatedBytes: number;
}

/** Raw, without regard to copies. A device that is gone says MISSING. */
export const deviceSizes = (mountpoint: string): Probe<readonly DeviceSize[]> =>
  defineProbe({
    id: "btrfs.sizes",
    item: mountpoint,
    question: { argv: ["btrfs", "filesystem", "show", "--raw", "--", mountpoint], asRoot: true },
    freshMs: 5 * minutes,
    sees: `sizes of the disks of the btrfs pool ${mountpoint}`,
    parse: (output) => {
      const { stdout } = expectExit(output);
      const lines = [...stdout.matchAll(/^\s*devid +(\d+) size (\d+) used (\d+) path (.*)$/gm)];
      if (lines.length === 0) throw unreadable("Not the devices of a pool", stdout);
      return lines.map(([, id = "", size, used, path = ""]) => ({
        id,
        ...(path.startsWith("/") && !path.endsWith("MISSING") ? { path } : {}),
        sizeBytes: Number(size),
        allocatedBytes: Number(used),
      }));
    },
  });
