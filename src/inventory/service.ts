import type { DataLoss, ServiceLevel } from "./service-level.ts";

/** What people depend on: what it is on a host, how it gets there, what it needs, and how its data is kept. */
export interface Service {
  readonly name: string;
  /** The host where it is wanted. Where it runs is observed. */
  readonly home: string;
  readonly runs: Runs;
  readonly from?: From;
  readonly data: readonly Data[];
  readonly version?: Version;
  readonly health: readonly HealthCheck[];
  /** The named class, or the one written at the service. */
  readonly sla?: ServiceLevel;
  readonly needs: Needs;
  readonly isolation?: Isolation;
  /** The service's own word, else that of its SLA. */
  readonly dataLoss?: DataLoss;
  readonly hooks: Readonly<Partial<Record<HookName, Hook>>>;
  readonly snapshots?: {
    readonly everyMs: number;
    readonly keep?: Keep;
    /** What it does at that moment. */
    readonly while?: "running" | "stopped";
    /** As `Backup.ping`. */
    readonly ping?: string;
  };
  readonly backups: readonly Backup[];
  readonly replica?: { readonly on: string; readonly everyMs: number };
  readonly failover?: Failover;
  /** An Atom or RSS feed of its releases. */
  readonly releases?: string;
  /** Services without which it does not work. */
  readonly dependsOn: readonly string[];
  /** Services not to share a host with when there is a choice. */
  readonly avoid: readonly string[];
  readonly environment?: string;
  /** In the inventory file, for messages. */
  readonly line: number;
}

/** What the service is on its host. `user` is whose systemd or podman it belongs to; absent for the system's. */
export interface Runs {
  readonly kind: "unit" | "quadlet" | "pod" | "compose" | "container";
  /** `nginx.service`, `mail.pod`, or the name of a pod, a Compose project or a container. */
  readonly name: string;
  readonly user?: string;
}

/** How the service is put on its host. Paths on this side are absolute. */
export type From =
  | {
      readonly kind: "playbook";
      readonly file: string;
      readonly tags: readonly string[];
    }
  | { readonly kind: "compose"; readonly file: string; readonly to: string }
  | { readonly kind: "files"; readonly folder: string; readonly to?: string }
  | { readonly kind: "manifest"; readonly file: string };

export interface Data {
  readonly kind: "zfs" | "btrfs" | "path" | "volume" | "lvm";
  /** A dataset, a path on the host, the name of a volume, or `group/volume`. */
  readonly name: string;
  /** Another host than the service's, such as a file server. */
  readonly on?: string;
}

export interface Version {
  readonly image?: string;
  readonly pin?: string;
  /** The file, absolute, and the variable in it that holds the pinned version. */
  readonly in?: { readonly file: string; readonly variable?: string };
}

/** One check of a service; each has its own result. `on` is another host to ask from than the one it runs on. */
export type HealthCheck = {
  readonly timeoutMs: number;
  readonly on?: string;
} & (
  | { readonly kind: "tcp"; readonly address: string; readonly port: number }
  | {
      readonly kind: "http";
      readonly url: string;
      /** Any of these is well; any from 200 to 399 when absent. */
      readonly status?: readonly number[];
      /** Whoever answers is believed, whatever certificate they show. */
      readonly insecure?: true;
    }
  | {
      readonly kind: "command";
      readonly argv: readonly [program: string, ...args: string[]];
      /** The container to run it in; on the host when absent. */
      readonly in?: string;
    }
);

/** What a host must have to be a home. Absent means: any will do. */
export interface Needs {
  readonly memoryBytes?: number;
  readonly diskBytes?: number;
  readonly cpus?: number;
  readonly raid?: boolean;
  readonly ups?: boolean;
  readonly ports: readonly number[];
  readonly devices: readonly string[];
  readonly arch: readonly string[];
  readonly os?: string;
  /** A file system that can make snapshots. */
  readonly snapshots?: boolean;
  /** Encrypted at rest. */
  readonly encryption?: boolean;
}

export interface Isolation {
  readonly level: "process" | "container" | "jail" | "vm";
  /** What it may reach; nothing else. */
  readonly routes: readonly string[];
}

export type HookName =
  | "beforeSnapshot"
  | "afterSnapshot"
  | "beforeBackup"
  | "afterBackup"
  | "beforeUpgrade"
  | "afterUpgrade"
  | "beforeStop"
  | "afterStart";

export interface Hook {
  readonly argv: readonly [program: string, ...args: string[]];
  readonly in?: string;
  readonly timeoutMs?: number;
}

/** How many of each are kept. */
export type Keep = Readonly<
  Partial<Record<"last" | "hourly" | "daily" | "weekly" | "monthly" | "yearly", number>>
>;

export interface Backup {
  /** The name of a repository. */
  readonly to: string;
  readonly everyMs: number;
  readonly keepWithinMs?: number;
  readonly keep?: Keep;
  /** A URL that is told of each run on the host's own schedule: `/start`, itself when it went well, `/fail`. */
  readonly ping?: string;
}

export interface Failover {
  readonly policy: "manual" | "automatic" | "never";
  /** Hosts it may go to; that of the replica when empty. */
  readonly to: readonly string[];
  /** After a boot: by itself, or only when granted. */
  readonly start: "auto" | "lease";
}
