import type { Data, Service } from "../inventory/service.ts";
import type { Homelab } from "../model/homelab.ts";
import { askHost, type Planning } from "../plan/planning.ts";

/** What a host lacks of the memory and the room that a service needs there, in words; what nobody sees is taken for enough. */
export function* findLack(
  { name, needs, data }: Service,
  host: string,
  homelab: Homelab,
): Planning<string | undefined> {
  const { memoryBytes, memoryAvailableBytes } = homelab.hosts.find((each) => each.name === host)?.facts ?? {};
  const free = memoryAvailableBytes ?? memoryBytes;
  if (needs.memoryBytes !== undefined && free !== undefined && free < needs.memoryBytes)
    return `${name} needs ${toMiB(needs.memoryBytes)} MiB of memory, and ${host} has ${toMiB(free)} free.`;
  for (const place of needs.diskBytes === undefined ? [] : data) {
    const on = place.on ?? host;
    const room = roomAt(place, on, homelab);
    if (needs.diskBytes === undefined || room === undefined || room >= needs.diskBytes) continue;
    // What lies there already is a part of what it needs.
    if (yield* holdsData(place, on)) continue;
    return `${name} needs ${toMiB(needs.diskBytes)} MiB at ${place.name}, and ${on} has ${toMiB(room)}.`;
  }
  return undefined;
}

function roomAt({ kind, name }: Data, host: string, { resources }: Homelab): number | undefined {
  const there = resources.filter((each) => each.host === host);
  if (kind === "zfs") {
    const [pool] = name.split("/");
    const found = there.find((each) => each.kind === "pool" && each.name === pool);
    if (found?.kind !== "pool" || found.details.sizeBytes === undefined) return undefined;
    return found.details.usedBytes === undefined
      ? undefined
      : found.details.sizeBytes - found.details.usedBytes;
  }
  if (kind !== "path" && kind !== "btrfs") return undefined;
  return there
    .flatMap((each) => (each.kind === "filesystem" ? [each.details] : []))
    .filter(({ mountpoint }) => `${name}/`.startsWith(`${mountpoint.replace(/\/$/, "")}/`))
    .sort((a, b) => b.mountpoint.length - a.mountpoint.length)[0]?.availableBytes;
}

function* holdsData({ kind, name }: Data, host: string): Planning<boolean> {
  if (kind === "zfs") {
    const used = yield* askHost(host, { argv: ["zfs", "list", "-Hpo", "name", "--", name] });
    return used.exitCode === 0;
  }
  const argv = ["find", name, "-mindepth", "1", "-maxdepth", "1"] as const;
  const { exitCode, stdout } = yield* askHost(host, { argv, asRoot: true });
  return exitCode === 0 && stdout.trim() !== "";
}

const toMiB = (bytes: number) => Math.floor(bytes / 1024 ** 2);
