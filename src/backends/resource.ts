import type { User } from "../command/command.ts";

/** The one vocabulary for how well something is. */
export type Health = "ok" | "warning" | "failed" | "unknown";

/** Something that is not well, in the user's words: "sdc is missing, the mirror runs on one disk". */
export interface Finding {
  readonly severity: Exclude<Health, "ok">;
  readonly message: string;
  /** Since when it is so, where the tool tells; RFC 3339. */
  readonly since?: string;
  /** The part that it is about, which says it for itself as well: among problems it is told once. */
  readonly of?: Reference;
  /** The key of the probe whose failure this says in better words; then it is not said twice. */
  readonly instead?: string;
}

/**
 * How the things of a host name one another: `device:/dev/sda`, `serial:WD-41`, `mount:/data`, `dataset:tank/mail`,
 * `zpool:tank`, `btrfs:/dev/sda` (any member device), `lv:vg0/data`, `unit:web.service`, `container:web` (by name and
 * by id), `pod:mail`, `project:chat`, `ups:rack`. What belongs to a user has the user in front: `unit:alice/web.service`.
 */
export type Reference = `${string}:${string}`;

/** What each kind of resource tells beside its health. Absent means that the tool does not say. */
export interface DetailsOf {
  host: HostFacts;
  unit: {
    readonly description: string;
    readonly load: string;
    readonly active: string;
    readonly sub: string;
    readonly result?: string;
    readonly exitStatus?: number;
    readonly restarts?: number;
    readonly enabled?: string;
    /** The unit file. Under /etc it is the user's own, else the distribution's. */
    readonly path?: string;
    /** The file it was generated from, such as a quadlet. */
    readonly source?: string;
    readonly memoryBytes?: number;
    readonly since?: string;
  };
  timer: { readonly activates: string; readonly next?: string; readonly last?: string };
  container: {
    readonly image: string;
    readonly imageId?: string;
    /** In the engine's words: created, running, paused, restarting, exited, dead. */
    readonly state: string;
    readonly exitCode?: number;
    readonly healthcheck?: string;
    readonly restarts?: number;
    readonly createdAt?: string;
    readonly startedAt?: string;
    readonly pod?: string;
    readonly project?: string;
    readonly projectService?: string;
    /** The unit that runs it, by the label PODMAN_SYSTEMD_UNIT. */
    readonly unit?: string;
    readonly ports: readonly string[];
  };
  pod: { readonly state: string; readonly containers: readonly string[]; readonly unit?: string };
  project: {
    readonly state: string;
    readonly files: readonly string[];
    readonly services: readonly {
      readonly name: string;
      readonly running: number;
      readonly total: number;
      /** Does what runs differ from what the files say? Absent when nobody could compare. */
      readonly drifted?: boolean;
    }[];
  };
  disk: {
    readonly path: string;
    readonly model?: string;
    readonly serial?: string;
    readonly wwn?: string;
    readonly sizeBytes?: number;
    readonly rotational?: boolean;
    readonly bus?: string;
    readonly smart?: "passed" | "failed" | "asleep";
    readonly temperatureCelsius?: number;
    readonly powerOnHours?: number;
    /** 1 is the end of its rated life. */
    readonly wearRatio?: number;
  };
  array: {
    readonly level: string;
    readonly state: string;
    readonly sizeBytes?: number;
    readonly disksWanted?: number;
    readonly disksActive?: number;
    readonly members: readonly { readonly device: string; readonly state: string }[];
    readonly progress?: Progress;
  };
  pool: {
    /** zfs, btrfs. */
    readonly type: string;
    readonly state: string;
    readonly sizeBytes?: number;
    readonly usedBytes?: number;
    readonly layout?: string;
    readonly devices: readonly {
      readonly name: string;
      readonly state: string;
      readonly errors?: number;
    }[];
    readonly progress?: Progress;
    readonly lastScrubAt?: string;
    readonly datasets?: readonly {
      readonly name: string;
      readonly usedBytes: number;
      readonly availableBytes: number;
      readonly mountpoint?: string;
    }[];
    /** Of the places in it where declared services keep data. A place that nobody could tell of is not there. */
    readonly snapshots?: readonly NewestSnapshots[];
  };
  filesystem: {
    readonly mountpoint: string;
    readonly source: string;
    readonly type: string;
    readonly readOnly: boolean;
    readonly sizeBytes?: number;
    readonly usedBytes?: number;
    readonly availableBytes?: number;
    readonly inodes?: number;
    readonly inodesUsed?: number;
  };
  ups: {
    /** In NUT's words: OL, OB, LB, CHRG … */
    readonly status: readonly string[];
    readonly model?: string;
    readonly chargeRatio?: number;
    readonly runtimeMs?: number;
    readonly loadRatio?: number;
  };
}

/** The newest good snapshots of a place: of each service whose name ours carry, and of all others together. */
export interface NewestSnapshots {
  readonly of: Reference;
  /** Empty: there is none. */
  readonly newest: readonly {
    readonly tag: string;
    /** RFC 3339. */
    readonly at: string;
  }[];
}

/** A scrub, resync, resilver or check under way. */
export interface Progress {
  readonly doing: string;
  readonly ratio: number;
  readonly leftMs?: number;
}

/** What a host is and how it does. Each field alone may be unknown. */
export interface HostFacts {
  readonly os?: string;
  readonly kernel?: string;
  readonly hostname?: string;
  readonly architecture?: string;
  readonly cpus?: number;
  /** Load averages over 1, 5 and 15 minutes. */
  readonly load?: readonly [number, number, number];
  readonly memoryBytes?: number;
  readonly memoryAvailableBytes?: number;
  readonly swapBytes?: number;
  readonly swapFreeBytes?: number;
  readonly uptimeMs?: number;
  readonly bootId?: string;
  readonly temperatures?: readonly { readonly label: string; readonly celsius: number }[];
  readonly updatesPending?: number;
  readonly securityUpdatesPending?: number;
  readonly rebootNeeded?: boolean;
  /** The host's clock minus ours; positive when the host is ahead. */
  readonly clockSkewMs?: number;
}

export type ResourceKind = keyof DetailsOf;

/** One thing on a host that a person would name. */
export interface ResourceOf<Kind extends ResourceKind> {
  readonly kind: Kind;
  /** The user whose it is, such as the owner of a rootless container; absent for the system's. */
  readonly user?: string;
  /** That user, as whom `logs` and `exec` have to run. */
  readonly owner?: User;
  readonly name: string;
  /** What is not well, worst first. Empty means that it is well, and that somebody looked. */
  readonly findings: readonly Finding[];
  /** When the oldest of the answers was given that this was made from. */
  readonly seenAt: Date;
  /** By which names others refer to it. */
  readonly is: readonly Reference[];
  /** What it stands on. */
  readonly uses: readonly Reference[];
  readonly details: DetailsOf[Kind];
  /** Of no interest while it is well and undeclared, such as a unit of the distribution. */
  readonly background?: boolean;
}

export type Resource = { [Kind in ResourceKind]: ResourceOf<Kind> }[ResourceKind];

const ranks: Record<Health, number> = { ok: 0, unknown: 1, warning: 2, failed: 3 };

/** For sorting: the worst first. */
export const byHealth = (a: Health, b: Health): number => ranks[b] - ranks[a];

export function healthOf(findings: readonly Finding[]): Health {
  return findings.reduce<Health>(
    (worst, { severity }) => (byHealth(worst, severity) > 0 ? severity : worst),
    "ok",
  );
}
