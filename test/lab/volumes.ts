import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Host } from "./hosts.ts";
import { hostDir } from "./paths.ts";
import { attempt, run } from "./shell.ts";

export const volumeFile = (host: Host, volume: string): string =>
  join(hostDir(host.name), "volumes", `${volume}.img`);

async function loopsOf(file: string): Promise<string[]> {
  const { out } = await attempt(["losetup", "--noheadings", "--output", "NAME", "--associated", file]);
  return out
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}

/** The loop device of a volume; attached if it is not. */
export async function loopOf(host: Host, volume: string): Promise<string> {
  const file = volumeFile(host, volume);
  const [device] = await loopsOf(file);
  return device ?? (await run(["losetup", "--find", "--show", file]));
}

/** Empty, sparse files for the disks of a new host. */
export async function createVolumes(host: Host): Promise<void> {
  mkdirSync(join(hostDir(host.name), "volumes"), { recursive: true });
  for (const { name, megabytes } of host.volumes) {
    await run(["truncate", "--size", `${megabytes}M`, volumeFile(host, name)]);
  }
}

export async function detachVolumes(host: Host): Promise<void> {
  for (const { name } of host.volumes) {
    const file = volumeFile(host, name);
    if (!existsSync(file)) continue;
    for (const device of await loopsOf(file)) await attempt(["losetup", "--detach", device]);
  }
}

/** Loop devices have other names each time: @volume@ in a text stands for the device of that volume. */
export async function withDevices(host: Host, text: string): Promise<string> {
  let result = text;
  for (const { name } of host.volumes) {
    if (result.includes(`@${name}@`)) result = result.replaceAll(`@${name}@`, await loopOf(host, name));
  }
  return result;
}
