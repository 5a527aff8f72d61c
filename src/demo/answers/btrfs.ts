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
      if (isAsked(args, "subvolume", "show", "--", "*")) return say(wholeOf(pool, surroundings));
      if (isAsked(args, "subvolume", "list", "-a", "-s", "-r", "--", "*"))
        return say(snapshotsOf(surroundings));
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

const day = 86_400_000;

/** Those of the last week, as somebody's script makes them at midnight. */
const midnightsOf = ({ now, dateOf }: Surroundings) =>
  Array.from({ length: 7 }, (_, back) => {
    const number = Math.floor(dateOf(now).getTime() / day) - (6 - back);
    return { path: `.daily/${number}`, at: new Date(number * day) };
  });

const timeOf = (at: Date) => at.toISOString().slice(0, 19).replace("T", " ");

function snapshotsOf(surroundings: Surroundings): string {
  return lines(
    midnightsOf(surroundings).map(
      ({ path, at }, index) =>
        `ID ${256 + index} gen ${900 + index} cgen ${900 + index} top level 5 otime ${timeOf(at)} path ${path}`,
    ),
  );
}

function wholeOf({ label, scrubbedAt }: BtrfsPool, surroundings: Surroundings): string {
  const { host, dateOf } = surroundings;
  const made = `${timeOf(dateOf(scrubbedAt - 300 * day))} +0000`;
  return lines([
    "/",
    "\tName: \t\t\t<FS_TREE>",
    `\tUUID: \t\t\t${uuidOf(`${host.name} ${label} top`)}`,
    "\tParent UUID: \t\t-",
    "\tReceived UUID: \t\t-",
    `\tCreation time: \t\t${made}`,
    "\tSubvolume ID: \t\t5",
    "\tGeneration: \t\t912",
    "\tGen at creation: \t0",
    "\tParent ID: \t\t0",
    "\tTop level ID: \t\t0",
    "\tFlags: \t\t\t-",
    "\tSend transid: \t\t0",
    `\tSend time: \t\t${made}`,
    "\tReceive transid: \t0",
    "\tReceive time: \t\t-",
    "\tSnapshot(s):",
    ...midnightsOf(surroundings).map(({ path }) => `\t\t\t\t${path}`),
    "\tQuota group:\t\tn/a",
  ]);
}
