import type { Zpool } from "../state-storage.ts";
import type { Surroundings } from "./tool.ts";
import { poolStatusOf } from "./zfs-state.ts";

/** `zpool status -L -P -p`, for people. */
export const statusText = (surroundings: Surroundings): string =>
  surroundings.host.zpools.map((pool) => toSection(pool, surroundings)).join("\n");

function toSection(pool: Zpool, surroundings: Surroundings): string {
  const { state, status, action } = poolStatusOf(pool, surroundings.now);
  const rows = rowsOf(pool, state);
  const width = Math.max(...rows.map(({ name }) => name.length));
  const table = rows.map(
    ({ name, state: own, counts }) =>
      `\t${name.padEnd(width)}  ${own.padEnd(8)} ${counts.map((count) => count.padStart(5)).join(" ")}`,
  );
  return [
    `  pool: ${pool.name}`,
    ` state: ${state}`,
    ...(status === undefined ? [] : [`status: ${status}`, `action: ${action}`]),
    `  scan: ${scanOf(pool, surroundings)}`,
    "config:",
    "",
    ...table,
    "",
    "errors: No known data errors\n",
  ].join("\n");
}

const zero = ["0", "0", "0"];

function rowsOf({ name, mirror }: Zpool, state: string) {
  const devices = mirror.flatMap(({ part, state: own, errors, replacement }, index) => {
    const counts = [errors.read, errors.write, errors.checksum].map(String);
    const row = (indent: string) => ({ name: `${indent}/dev/${part}`, state: own, counts });
    if (!replacement) return [row("    ")];
    return [
      { name: `    replacing-${index}`, state: own === "ONLINE" ? "ONLINE" : "DEGRADED", counts: zero },
      row("      "),
      { name: `      /dev/${replacement.part}`, state: "ONLINE", counts: zero },
    ];
  });
  return [
    { name: "NAME", state: "STATE", counts: ["READ", "WRITE", "CKSUM"] },
    { name, state, counts: zero },
    { name: "  mirror-0", state, counts: zero },
    ...devices,
  ];
}

function scanOf(pool: Zpool, { now, dateOf }: Surroundings): string {
  const { scan, allocatedBytes } = pool;
  const { isRunning, doneRatio, leftMs } = poolStatusOf(pool, now).scan;
  const lasted = toClock(scan.endsAt - scan.startedAt);
  if (!isRunning)
    return scan.doing === "scrub"
      ? `scrub repaired 0B in ${lasted} with 0 errors on ${toDate(dateOf(scan.endsAt))}`
      : `resilvered ${toSize(allocatedBytes)} in ${lasted} with 0 errors on ${toDate(dateOf(scan.endsAt))}`;
  const done = toSize(allocatedBytes * doneRatio);
  const all = toSize(allocatedBytes);
  return [
    `${scan.doing} in progress since ${toDate(dateOf(scan.startedAt))}`,
    `\t${done} / ${all} scanned, ${done} / ${all} issued`,
    `\t${done} resilvered, ${(doneRatio * 100).toFixed(2)}% done, ${toClock(leftMs)} to go`,
  ].join("\n");
}

const two = (value: number) => `${Math.floor(value)}`.padStart(2, "0");
const toClock = (ms: number) => `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}`;

/** `Fri Nov 20 19:52:26 2026` */
function toDate(date: Date): string {
  const [day = "", number = "", month = "", year = "", time = ""] = date
    .toUTCString()
    .replace(",", "")
    .split(" ");
  return `${day} ${month} ${`${Number(number)}`.padStart(2)} ${time} ${year}`;
}

/** `56.9M` */
function toSize(bytes: number): string {
  const units = ["B", "K", "M", "G", "T"];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return power === 0 ? `${Math.floor(bytes)}B` : `${(bytes / 1024 ** power).toPrecision(3)}${units[power]}`;
}
