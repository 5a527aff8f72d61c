/** When something happened: milliseconds since the demo began, negative for before. */
export type Moment = number;

/** The time that passes in a demo. Tests bring their own. */
export type Clock = () => Moment;

/** A simulated machine, as it is at this moment. The answers of its tools are made from this and nothing else. */
export interface SimulatedHost {
  readonly name: string;
  readonly system: System;
  readonly cpus: number;
  readonly memoryKib: number;
  readonly swapKib: number;
  /** What load and used memory hover around. */
  usualLoad: number;
  usualMemoryRatio: number;
  isUp: boolean;
  bootedAt: Moment;
  readonly persons: readonly Person[];
  readonly sensors: readonly Sensor[];
  readonly updates: readonly PendingUpdate[];
  rebootRequired: boolean;
  readonly units: Unit[];
  readonly timers: readonly Timer[];
  readonly containers: Container[];
  readonly projects: readonly Project[];
  readonly disks: Disk[];
  readonly filesystems: readonly Filesystem[];
  readonly arrays: readonly RaidArray[];
  readonly zpools: readonly Zpool[];
  readonly btrfsPools: readonly BtrfsPool[];
  readonly upses: readonly Ups[];
  /** What was logged beside the usual. */
  readonly journal: JournalEntry[];
}

/** A distribution, with the versions of its tools. */
export interface System {
  readonly osRelease: readonly string[];
  readonly kernel: string;
  readonly architecture: string;
  readonly systemd: string;
  readonly podman: string;
  readonly docker: string;
}

/** Somebody who lingers. */
export interface Person {
  readonly name: string;
  readonly uid: number;
}

export interface Sensor {
  readonly chip: string;
  readonly label?: string;
  readonly criticalCelsius?: number;
  readonly usualCelsius: number;
}

export interface PendingUpdate {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly isSecurity: boolean;
}

export interface Port {
  readonly number: number;
  readonly speaks: "http" | "tcp";
  /** Of a container, inside. */
  readonly inside?: number;
}

export interface Unit {
  readonly name: string;
  readonly description: string;
  /** Whose user manager; the system's when absent. */
  readonly user?: string;
  active: "active" | "inactive" | "failed" | "activating";
  sub: string;
  result: string;
  /** As of waitid(2): 1 exited, 2 killed. */
  exitCode: number;
  exitStatus: number;
  restarts: number;
  startedAt?: Moment;
  changedAt?: Moment;
  readonly path: string;
  readonly source?: string;
  readonly enabled: string;
  readonly restart: string;
  readonly wantedBy: readonly string[];
  readonly ports: readonly Port[];
}

export interface Timer {
  readonly name: string;
  readonly description: string;
  readonly activates: string;
  readonly everyMs: number;
  readonly path: string;
}

export interface Container {
  readonly engine: "podman" | "docker";
  readonly user?: string;
  readonly name: string;
  image: string;
  state: string;
  health: "" | "healthy" | "unhealthy" | "starting";
  exitCode: number;
  restarts: number;
  createdAt: Moment;
  startedAt: Moment;
  endedAt?: Moment;
  readonly policy: string;
  readonly pod?: string;
  readonly isInfra: boolean;
  readonly unit?: string;
  readonly project?: string;
  /** Within its project. */
  readonly service?: string;
  readonly ports: readonly Port[];
  readonly mounts: readonly { readonly type: "bind" | "volume"; readonly source: string }[];
}

/** Of Docker Compose. */
export interface Project {
  readonly name: string;
  readonly folder: string;
}

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
  readonly members: { readonly part: string; state: string }[];
}

export interface Zpool {
  readonly name: string;
  readonly sizeBytes: number;
  readonly allocatedBytes: number;
  readonly mirror: ZfsDevice[];
  scan: ZfsScan;
  readonly datasets: readonly { readonly name: string; readonly usedBytes: number }[];
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

/** Charge and runtime follow from what the line does and since when. */
export interface Ups {
  readonly name: string;
  readonly maker: string;
  readonly model: string;
  readonly serial: string;
  readonly loadPercent: number;
  readonly nominalWatts: number;
  /** From full to empty. */
  batteryMs: number;
  line: { readonly isOn: boolean; readonly since: Moment; readonly chargeThen: number };
  isShuttingDown: boolean;
}

export interface JournalEntry {
  readonly at: Moment;
  /** The name of a unit or a container. */
  readonly of: string;
  readonly text: string;
}
