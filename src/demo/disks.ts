import { fractionOf, hexOf } from "./stand-ins.ts";
import type { Disk, Filesystem, Part, RaidArray, ZfsDataset, Zpool } from "./state-storage.ts";

export const gigabyte = 1e9;
const kinds = {
  /** A hard disk. */
  hdd: {
    model: "WDC WD40EFRX-68N32N0",
    sizeBytes: 4_000_787_030_016,
    bus: "sata",
    isRotational: true,
    celsius: 33,
  },
  ssd: { model: "CT500MX500SSD1", sizeBytes: 500_107_862_016, bus: "sata", isRotational: false, celsius: 36 },
  nvme: {
    model: "Samsung SSD 980 PRO 1TB",
    sizeBytes: 1_000_204_886_016,
    bus: "nvme",
    isRotational: false,
    celsius: 44,
  },
} as const;

/** A disk with SMART. Its serial number follows from host and name. */
export function disk(host: string, name: string, kind: keyof typeof kinds, parts: readonly Part[]): Disk {
  const { celsius, ...rest } = kinds[kind];
  const seed = `${host} ${name}`;
  return {
    ...rest,
    name,
    serial: `${kind === "hdd" ? "WD-WCC7K" : kind === "ssd" ? "2143E5" : "S5GXNX0T"}${hexOf(seed, 6).toUpperCase()}`,
    wwn: kind === "nvme" ? `eui.00253852${hexOf(seed, 8)}` : `0x50014ee2${hexOf(seed, 8)}`,
    parts,
    smart: {
      passed: true,
      celsius,
      reallocated: 0,
      pending: 0,
      hours: Math.round(4000 + 30_000 * fractionOf(seed)),
      wearPercent: Math.round(3 + 20 * fractionOf(`${seed} wear`)),
    },
  };
}

/** Of a rented machine or a card: nobody knows how it is. */
export const plainDisk = (
  host: string,
  name: string,
  bus: "virtio" | "mmc",
  sizeBytes: number,
  parts: readonly Part[],
): Disk => ({ name, bus, sizeBytes, parts, serial: `0x${hexOf(`${host} ${name}`, 8)}`, isRotational: false });

export const part = (name: string, sizeBytes: number, content: string, array?: string): Part => ({
  name,
  sizeBytes,
  content,
  ...(array === undefined ? {} : { array }),
});

export const bootPart = (name: string): Part => part(name, gigabyte, "vfat");

export function filesystem(
  mountpoint: string,
  source: string,
  type: string,
  device: string,
  sizeBytes: number,
  usedRatio: number,
): Filesystem {
  const inodes = type === "btrfs" ? 0 : Math.round(sizeBytes / 16_384);
  return {
    mountpoint,
    source,
    type,
    device,
    sizeBytes,
    blockBytes: type === "zfs" ? 131_072 : 4096,
    usedBytes: Math.round(sizeBytes * usedRatio),
    inodes,
    inodesUsed: Math.round(inodes * usedRatio * 0.3),
  };
}

/** A mirror of two partitions. */
export const raid1 = (name: string, sizeBytes: number, parts: readonly string[]): RaidArray => ({
  name,
  level: "raid1",
  sizeBytes,
  content: "ext4",
  members: parts.map((each) => ({ part: each, state: "in_sync" })),
});

/** The mirror of a pool on whole disks, scrubbed some days ago. */
export function zfsMirror(
  name: string,
  disks: readonly Disk[],
  usedRatio: number,
  datasets: Readonly<Record<string, number>>,
): Zpool {
  const sizeBytes = Math.min(...disks.map((each) => each.sizeBytes)) - 4 * 1024 ** 3;
  const allocatedBytes = Math.round(sizeBytes * usedRatio);
  const scrubbed = -5 * 86_400_000;
  return {
    name,
    sizeBytes,
    allocatedBytes,
    mirror: disks.map((each) => ({
      part: `${each.name}1`,
      id: `ata-${each.model?.replaceAll(" ", "_")}_${each.serial}`,
      state: "ONLINE",
      errors: { read: 0, write: 0, checksum: 0 },
    })),
    scan: { doing: "scrub", startedAt: scrubbed, endsAt: scrubbed + 5.5 * 3_600_000 },
    datasets: Object.entries(datasets).map(([dataset, ratio]) => ({
      name: dataset,
      form: 1,
      usedBytes: Math.round(allocatedBytes * ratio),
      isMounted: true,
      canmount: "on",
      origin: "-",
    })),
    snapshots: [],
  };
}

/** Where its datasets are mounted. */
export const filesystemsOf = ({
  name,
  sizeBytes,
  allocatedBytes,
  datasets,
}: Zpool): readonly Filesystem[] => [
  filesystem(`/${name}`, name, "zfs", "0:41", sizeBytes - allocatedBytes, 0.001),
  ...datasets.map((each, index) => filesystemOf(each, { name, sizeBytes, allocatedBytes }, 42 + index)),
];

/** Of a dataset: all that is free, and what it holds. */
export function filesystemOf(
  dataset: ZfsDataset,
  { name, sizeBytes, allocatedBytes }: Pick<Zpool, "name" | "sizeBytes" | "allocatedBytes">,
  device: number,
): Filesystem {
  const whole = sizeBytes - allocatedBytes + dataset.usedBytes;
  const source = `${name}/${dataset.name}`;
  return filesystem(`/${source}`, source, "zfs", `0:${device}`, whole, dataset.usedBytes / whole);
}
