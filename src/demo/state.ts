import type { Job } from "./jobs.ts";
import type { Repository } from "./state-copies.ts";
import type { BtrfsPool, Disk, Filesystem, RaidArray, Zpool } from "./state-storage.ts";
import type { Moment } from "./state-time.ts";
import type { Container, Project, Timer, Unit } from "./state-workloads.ts";

/** A simulated machine, as it is at this moment. The answers of its tools are made from this and nothing else. */
export interface SimulatedHost {
  readonly name: string;
  readonly system: System;
  readonly cpus: number;
  readonly memoryKib: number;
  readonly swapKib: number;
  /** What load and used memory hover around. */
  usualLoad: number;
  readonly usualMemoryRatio: number;
  isUp: boolean;
  bootedAt: Moment;
  readonly persons: readonly Person[];
  readonly sensors: readonly Sensor[];
  readonly updates: readonly PendingUpdate[];
  readonly rebootRequired: boolean;
  readonly units: Unit[];
  readonly timers: readonly Timer[];
  readonly containers: Container[];
  readonly projects: readonly Project[];
  readonly disks: Disk[];
  readonly filesystems: Filesystem[];
  readonly arrays: readonly RaidArray[];
  readonly zpools: readonly Zpool[];
  readonly btrfsPools: readonly BtrfsPool[];
  readonly upses: readonly Ups[];
  /** What was logged beside the usual. */
  readonly journal: JournalEntry[];
  /** What it was told to do, by id. */
  readonly jobs: Map<string, Job>;
  /** Who holds it; the lines of its lock. */
  lock?: readonly string[];
  /** Who was here: the lines of its record. */
  changes: string[];
  /** What people put on its disk, by path. */
  readonly files: Map<string, StoredFile>;
  /** What operations found where they put files, by operation and step; undefined where nothing was. */
  readonly kept: Map<string, StoredFile | undefined>;
  /** What podman has pulled. */
  readonly images: Set<string>;
  /** What its restic reaches. */
  readonly repositories: readonly Repository[];
  /** What follows by itself from what was done to it. */
  due: Due[];
}

export interface StoredFile {
  readonly text: string;
  /** As `stat` says them: `644`, `0:0`. */
  readonly mode: string;
  readonly owner: string;
}

export interface Due {
  readonly at: Moment;
  readonly act: (at: Moment) => void;
}

/** Lets all happen that is due on a host by then, each at its own moment. */
export function letHappen(host: SimulatedHost, now: Moment): void {
  for (;;) {
    const [next] = host.due.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
    if (!next) return;
    host.due = host.due.filter((each) => each !== next);
    next.act(next.at);
  }
}

/** A distribution, with the versions of its tools. */
export interface System {
  readonly osRelease: readonly string[];
  readonly kernel: string;
  readonly architecture: string;
  readonly systemd: string;
  readonly podman: string;
  readonly docker: string;
  readonly compose: string;
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
}

export interface JournalEntry {
  readonly at: Moment;
  /** The name of a unit or a container. */
  readonly of: string;
  /** Who says it, where it is not the unit itself. */
  readonly by?: "systemd";
  readonly text: string;
}
