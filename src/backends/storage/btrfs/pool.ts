import { known, lastFact } from "../../known.ts";
import type { Observations } from "../../probe.ts";
import type { Mount } from "../mounts.ts";
import { type ErrorCounts, kernelPools } from "./kernel.ts";
import { type DeviceSize, deviceSizes, deviceStats, type Group, groups } from "./probes.ts";
import { type Scrub, scrub } from "./scrub.ts";

export interface Device {
  readonly id: string;
  readonly path?: string;
  readonly isMissing: boolean;
  readonly errors?: ErrorCounts;
}

/** One pool, as far as it is known, joined from the kernel's files and the tool's answers. */
export interface Pool {
  readonly name: string;
  /** Paths of its devices, as they can be told without root. */
  readonly members: readonly string[];
  readonly devices: readonly Device[];
  readonly groups: readonly Group[];
  readonly sizes: readonly DeviceSize[];
  readonly scrub?: Scrub;
}

export function toPool({ mountpoint, source }: Mount, observations: Observations): Pool {
  const stats = lastFact(observations, deviceStats(mountpoint)) ?? [];
  const sizes = lastFact(observations, deviceSizes(mountpoint)) ?? [];
  const paths = [source, ...[...stats, ...sizes].flatMap(({ path }) => path ?? [])];
  const kernel = lastFact(observations, kernelPools)?.find(({ members }) =>
    members.some((member) => paths.includes(toPath(member))),
  );
  const all = [...stats, ...sizes, ...(kernel?.devices ?? [])];
  const devices = [...new Set(all.map(({ id }) => id))].map((id): Device => {
    const told = [stats, sizes].flatMap((list) => list.filter((device) => device.id === id));
    const state = kernel?.devices.find((device) => device.id === id);
    return known({
      id,
      path: told.find(({ path }) => path !== undefined)?.path,
      isMissing: state?.isMissing === true || told.some(({ path }) => path === undefined),
      errors: stats.find((device) => device.id === id)?.errors ?? state?.errors,
    });
  });
  return known({
    name: mountpoint,
    members: [...new Set([...paths, ...(kernel?.members ?? []).map(toPath)])],
    devices,
    groups: lastFact(observations, groups(mountpoint)) ?? [],
    sizes,
    scrub: lastFact(observations, scrub(mountpoint)),
  });
}

const toPath = (member: string) => `/dev/${member.replaceAll("!", "/")}`;

/** How many bytes of disk one byte takes. Absent for parity: there it depends on the number of disks. */
const copies: Readonly<Record<string, number>> = {
  single: 1,
  raid0: 1,
  dup: 2,
  raid1: 2,
  raid10: 2,
  raid1c3: 3,
  raid1c4: 4,
};

export const dataGroups = ({ groups: all }: Pool): readonly Group[] =>
  all.filter(({ kind }) => /^Data/.test(kind));

/** What the disks can keep, if all that comes is stored like the data that is there. */
export function sizeOf(pool: Pool): number | undefined {
  const factor = copies[dataGroups(pool)[0]?.profile ?? ""];
  // A disk that is gone has no size any more.
  if (factor === undefined || pool.sizes.length === 0 || pool.devices.some(({ isMissing }) => isMissing))
    return undefined;
  return Math.floor(pool.sizes.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) / factor);
}

/** Raw bytes that belong to nothing yet. */
export const unallocatedOf = ({ sizes }: Pool): number | undefined =>
  sizes.length === 0
    ? undefined
    : sizes.reduce((sum, { sizeBytes, allocatedBytes }) => sum + sizeBytes - allocatedBytes, 0);

export const sumOf = ({ write, read, flush, corruption, generation }: ErrorCounts): number =>
  write + read + flush + corruption + generation;

export const nameOf = ({ id, path }: Device): string => path?.replace(/^\/dev\//, "") ?? `devid ${id}`;
