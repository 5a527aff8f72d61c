import type { Moment } from "./state-time.ts";

export interface Disk {
  readonly name: string;
  readonly model?: string;
  readonly serial: string;
  readonly wwn?: string;
  readonly sizeBytes: number;
  readonly bus: "sata" | "nvme" | "usb" | "virtio" | "mmc";
  readonly isRotational: boolean;
  readonly parts: readonly Part[];
  /** Absent where the disk has no SMART, such as a virtual one. */
  readonly smart?: Smart;
}

export interface Part {
  readonly name: string;
  readonly sizeBytes: number;
  readonly content?: string;
  /** The array that it is a member of. */
  readonly array?: string;
}

export interface Smart {
  passed: boolean;
  celsius: number;
  readonly hours: number;
  reallocated: number;
  pending: number;
  readonly wearPercent: number;
}

export interface Filesystem {
  readonly mountpoint: string;
  readonly source: string;
  readonly type: string;
  /** `major:minor` */
  readonly device: string;
  readonly blockBytes: number;
  readonly sizeBytes: number;
  usedBytes: number;
  readonly inodes: number;
  readonly inodesUsed: number;
}

export interface RaidArray {
  readonly name: string;
  readonly level: string;
  readonly sizeBytes: number;
  readonly content: string;
  readonly members: readonly { readonly part: string; readonly state: string }[];
  /** After an unclean end all copies are compared. */
  resync?: { readonly startedAt: Moment; readonly endsAt: Moment };
}

export interface Zpool {
  readonly name: string;
  readonly sizeBytes: number;
  readonly allocatedBytes: number;
  readonly mirror: ZfsDevice[];
  scan: ZfsScan;
  readonly datasets: ZfsDataset[];
  readonly snapshots: ZfsSnapshot[];
}

export interface ZfsDataset {
  /** Within its pool. */
  name: string;
  /** The form of what a program keeps there. An older program does not read a newer one. */
  form: number;
  usedBytes: number;
  isMounted: boolean;
  canmount: string;
  /** The snapshot that it is a clone of; `-` for none. */
  origin: string;
  /** Where it was not always there, or is a clone of what was. */
  readonly madeAt?: Moment;
}

export interface ZfsSnapshot extends Pick<ZfsDataset, "form" | "usedBytes"> {
  /** `tank/media@monday`. */
  name: string;
  readonly at: Moment;
}

export interface ZfsDevice {
  /** Of its partition: `sda1`. */
  part: string;
  id: string;
  state: "ONLINE" | "FAULTED";
  errors: { read: number; write: number; checksum: number };
  /** The new disk that takes its place. */
  replacement?: { readonly part: string; readonly id: string };
}

export interface ZfsScan {
  readonly doing: "scrub" | "resilver";
  readonly startedAt: Moment;
  readonly endsAt: Moment;
}

export interface BtrfsPool {
  readonly label: string;
  readonly mountpoint: string;
  readonly devices: readonly { readonly part: string; readonly sizeBytes: number }[];
  readonly usedBytes: number;
  readonly scrubbedAt: Moment;
}
