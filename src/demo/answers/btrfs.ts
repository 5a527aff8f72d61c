import { uuidOf } from "../stand-ins.ts";
import type { BtrfsPool } from "../state-storage.ts";
import { complain, type FileEntry, isAsked, lines, type Surroundings, say, type Tool } from "./tool.ts";

const mebibyte = 1024 ** 2;

/** `btrfs`, and what the kernel tells everybody. */
export const btrfs: Tool = {
  isOn: ({ btrfsPools }) => btrfsPools.length > 0,
  programs: {
    "/usr/bin/btrfs": (args, surroundings) => {
      const { host, user } = surroundings;
      if (isAsked(args, "--version"))
        return say(
          "btrfs-progs v6.14\n-EXPERIMENTAL -INJECT -STATIC +LZO +ZSTD +UDEV +FSVERITY +ZONED CRYPTO=builtin\n",
        );
      const pool = host.btrfsPools.find(({ mountpoint }) => mountpoint === args.at(-1));
      if (!pool) return complain(1, `ERROR: not a btrfs filesystem: ${args.at(-1)}\n`);
      if (isAsked(args, "filesystem", "df", "-b", "--", "*")) return say(spaceOf(pool));
      if (user !== "root") return complain(1, "ERROR: Operation not permitted\n");
      if (isAsked(args, "--format", "json", "device", "stats", "--", "*")) return say(statsOf(pool));
      if (isAsked(args, "filesystem", "show", "--raw", "--", "*")) return say(devicesOf(host.name, pool));
      if (isAsked(args, "scrub", "status", "--raw", "--", "*")) return say(scrubOf(pool, surroundings));
      return complain(1, `btrfs: unknown command '${args[0]}'\n`);
    },
  },
  files: ({ host }: Surroundings): Iterable<FileEntry> =>
    host.btrfsPools.flatMap((pool) => {
      const folder = `/sys/fs/btrfs/${uuidOf(`${host.name} ${pool.label}`)}`;
      return pool.devices.flatMap(({ part }, index): readonly FileEntry[] => [
        [`${folder}/devices/${part}`, undefined],
        [`${folder}/devinfo/${index + 1}/missing`, () => "0\n"],
        [`${folder}/devinfo/${index + 1}/error_stats`, () => lines(counters.map((name) => `${name}_errs 0`))],
      ]);
    }),
};

const counters = ["write", "read", "flush", "corruption", "generation"];

function statsOf({ devices }: BtrfsPool): string {
  const stats = devices.map(({ part }, index) => ({
    device: `/dev/${part}`,
    devid: index + 1,
    write_io_errs: 0,
    read_io_errs: 0,
    flush_io_errs: 0,
    corruption_errs: 0,
    generation_errs: 0,
  }));
  return `${JSON.stringify({ __header: { version: "1" }, "device-stats": stats }, null, 2)}\n`;
}

/** Data are allocated by the gibibyte, metadata are a hundredth. */
const allocatedOf = ({ usedBytes }: BtrfsPool) => (Math.floor(usedBytes / 1024 ** 3) + 2) * 1024 ** 3;

function spaceOf(pool: BtrfsPool): string {
  return lines([
    `Data, RAID1: total=${allocatedOf(pool)}, used=${pool.usedBytes}`,
    `System, RAID1: total=${8 * mebibyte}, used=16384`,
    `Metadata, RAID1: total=${2048 * mebibyte}, used=${Math.floor(pool.usedBytes / 1024)}`,
    `GlobalReserve, single: total=${512 * mebibyte}, used=0`,
  ]);
}

function devicesOf(host: string, pool: BtrfsPool): string {
  const { label, devices, usedBytes } = pool;
  const allocated = allocatedOf(pool) + 2056 * mebibyte;
  return lines([
    `Label: '${label}'  uuid: ${uuidOf(`${host} ${label}`)}`,
    `\tTotal devices ${devices.length} FS bytes used ${usedBytes}`,
    ...devices.map(
      ({ part, sizeBytes }, index) =>
        `\tdevid    ${index + 1} size ${sizeBytes} used ${allocated} path /dev/${part}`,
    ),
  ]);
}

function scrubOf({ label, usedBytes, scrubbedAt }: BtrfsPool, { host, dateOf }: Surroundings): string {
  const [day = "", date = "", month = "", year = "", time = ""] = dateOf(scrubbedAt)
    .toUTCString()
    .replace(",", "")
    .split(" ");
  return lines([
    `UUID:             ${uuidOf(`${host.name} ${label}`)}`,
    `Scrub started:    ${day} ${month} ${`${Number(date)}`.padStart(2)} ${time} ${year}`,
    "Status:           finished",
    "Duration:         2:41:08",
    `Total to scrub:   ${2 * usedBytes}`,
    "Rate:             211812352/s",
    "Error summary:    no errors found",
  ]);
}
