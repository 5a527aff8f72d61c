import type { Backend } from "../../contract.ts";
import { known, lastFact, oldest, unseen } from "../../known.ts";
import type { Observations, Probe } from "../../probe.ts";
import type { Finding, Reference, ResourceOf } from "../../resource.ts";
import { type BlockDevice, devices, loops, nodes, version } from "./probes.ts";

/** Disks as the kernel knows them, and what is cut out of them. */
export const blockdevices: Backend = {
  id: "blockdevices",
  kind: "storage",
  title: "Disks",
  looksFor: { programs: ["lsblk"], paths: [] },
  detect: ({ programs }) =>
    programs.has("lsblk") ? { present: true } : { present: false, why: "lsblk is not installed" },
  version,
  probes: ({ observations }) => {
    const paths = pathsToLookFor(observations);
    return [devices, loops, ...(paths.length === 0 ? [] : [nodes(paths)])];
  },
  resources: ({ observations }) => {
    const probe = nodes(pathsToLookFor(observations));
    const own = lastFact(observations, probe);
    const asked: readonly Probe<unknown>[] = [devices, loops, probe];
    const seenAt = oldest(asked.map((each) => observations.of(each)));
    if (!own || !seenAt) return [];
    const disks = candidates(observations).filter((device) => isDisk(device, new Set(own), observations));
    const shared = sharedOf(disks);
    return [
      ...disks.map((disk) => toDisk(disk, disks, shared, seenAt, unseen(observations, asked))),
      ...[...shared.values()].map((volume) => toVolume(volume, seenAt)),
    ];
  },
};

const candidates = (observations: Observations): readonly BlockDevice[] =>
  (lastFact(observations, devices) ?? []).filter(
    ({ type, kernelName, sizeBytes }) =>
      (sizeBytes ?? 0) > 0 && (type === "loop" || (type === "disk" && !isVirtual.test(kernelName))),
  );

const isVirtual = /^(?:zram|ram|nbd|fd|zd|drbd|rbd|mtdblock)\d|^mmcblk\d+boot/;

function pathsToLookFor(observations: Observations): readonly string[] {
  const files = lastFact(observations, loops)?.files ?? {};
  return candidates(observations).flatMap(({ path, kernelName }) => [path, files[kernelName] ?? []].flat());
}

/**
 * A loop device is like a disk where it is a member of a pool or an array, or where its file is not on this host: then
 * somebody gave it to a container as its disk.
 */
function isDisk(
  { type, path, kernelName, content = "" }: BlockDevice,
  own: ReadonlySet<string>,
  observations: Observations,
): boolean {
  if (!own.has(path)) return false;
  if (type !== "loop") return true;
  const { members, files } = lastFact(observations, loops) ?? { members: [], files: {} };
  const file = files[kernelName];
  const isForeign = file !== undefined && !file.endsWith(" (deleted)") && !own.has(file);
  return isForeign || members.includes(kernelName) || /_member$/.test(content);
}

/** A volume that stands on more than one disk, such as a logical volume. Arrays of md are not told here. */
interface Shared {
  readonly device: BlockDevice;
  readonly parents: readonly BlockDevice[];
}

function sharedOf(disks: readonly BlockDevice[]): ReadonlyMap<string, Shared> {
  const owners = new Map<string, Set<string>>();
  const parents = new Map<string, Map<string, BlockDevice>>();
  const found = new Map<string, BlockDevice>();
  const walk = (parent: BlockDevice, disk: string) => {
    for (const child of parent.children.filter(isPartOfDisk)) {
      found.set(child.path, child);
      owners.set(child.path, (owners.get(child.path) ?? new Set()).add(disk));
      parents.set(child.path, (parents.get(child.path) ?? new Map()).set(parent.path, parent));
      walk(child, disk);
    }
  };
  for (const disk of disks) walk(disk, disk.path);
  return new Map(
    [...found]
      .filter(([path]) => (owners.get(path)?.size ?? 0) > 1)
      .map(([path, device]) => [path, { device, parents: [...(parents.get(path)?.values() ?? [])] }]),
  );
}

/** An array of md is a thing of its own, told by its own backend, with all that stands on it. */
const isPartOfDisk = ({ kernelName }: BlockDevice) => !/^md[\d_]/.test(kernelName);

function toDisk(
  disk: BlockDevice,
  disks: readonly BlockDevice[],
  shared: ReadonlyMap<string, Shared>,
  seenAt: Date,
  unknown: readonly Finding[],
): ResourceOf<"disk"> {
  const { path, model, serial, wwn, sizeBytes, rotational, bus, state } = disk;
  const isOwn = (name: "serial" | "wwn") =>
    disk[name] !== undefined && disks.filter((other) => other[name] === disk[name]).length === 1;
  const isGone = state !== undefined && /offline|quiesce|dead|deleting/.test(state);
  return {
    kind: "disk",
    name: path.replace(/^\/dev\//, ""),
    findings: [
      ...(isGone ? [{ severity: "failed" as const, message: `${disk.name} is ${state}` }] : []),
      ...unknown,
    ],
    seenAt,
    is: [
      ...partsOf(disk, shared).flatMap(namesOf),
      // Cheap enclosures share one number among all of them.
      ...(isOwn("serial") ? [`serial:${serial}` as const] : []),
      ...(isOwn("wwn") ? [`wwn:${wwn}` as const] : []),
    ],
    uses: [],
    details: known({ path, model, serial, wwn, sizeBytes, rotational, bus }),
  };
}

/** A device and all that is cut out of it alone. */
function partsOf(device: BlockDevice, shared: ReadonlyMap<string, Shared>): readonly BlockDevice[] {
  const children = device.children.filter((child) => isPartOfDisk(child) && !shared.has(child.path));
  return [device, ...children.flatMap((child) => partsOf(child, shared))];
}

function namesOf({ path, kernelName, name, type }: BlockDevice): Reference[] {
  const [, group, volume] = (type === "lvm" && /^((?:[^-]|--)+)-((?:[^-]|--)+)$/.exec(name)) || [];
  return [
    `device:${path}`,
    ...(path === `/dev/${kernelName}` ? [] : [`device:/dev/${kernelName}` as const]),
    ...(group && volume
      ? [`lv:${group.replaceAll("--", "-")}/${volume.replaceAll("--", "-")}` as const]
      : []),
  ];
}

function toVolume({ device, parents }: Shared, seenAt: Date): ResourceOf<"array"> {
  return {
    kind: "array",
    name: device.name,
    findings: [],
    seenAt,
    is: namesOf(device),
    uses: parents.map(({ path }): Reference => `device:${path}`),
    details: known({
      level: device.type,
      state: device.state ?? "active",
      sizeBytes: device.sizeBytes,
      members: parents.map(({ path }) => ({ device: path, state: "active" })),
    }),
  };
}
