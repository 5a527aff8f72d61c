import type { Found } from "../command/answers.ts";
import type { Command, Look, Output, Question, User } from "../command/command.ts";
import type { Failure } from "../errors.ts";

/**
 * A question for a host, and the way to read its answer.
 *
 * `Files` go to the host's fast shell, a `Command` to its slow one. A question must leave the host as it found it, and
 * names the fields it wants where the tool allows: an environment or a secret is never asked for.
 */
export interface Probe<Fact> {
  /** Stable and dotted, `docker.containers`: backend, then what. Names the folder of its recordings. */
  readonly id: string;
  /** Which one, where the same question goes out for each of several things: `/dev/sda`. */
  readonly item?: string;
  readonly question: Question;
  /** How long an answer stays fresh. */
  readonly freshMs: number;
  /** What nobody sees without this answer, for people: "SMART health of /dev/sda". */
  readonly sees: string;
  /**
   * Pure. Gets any exit code, 127 too: what the code means is the tool's business. Throws `UnreadableOutput`, or
   * `CommandFailed` when the tool says that it could not answer, or `Unprivileged`; nothing else. `before` is the last
   * good answer to this question, for one that tells less than that.
   */
  parse(output: Output, before?: Answer<Fact>): Fact;
}

/** What a host said, and when. */
export interface Answer<Fact> {
  readonly fact: Fact;
  readonly at: Date;
}

/**
 * The latest that we know of one question. Absent, empty, failed and unasked are four different things.
 * A failed answer keeps the last good one, with its age. `at` is when the host answered.
 */
export type Observation<Fact> =
  | { readonly status: "unasked" }
  | ({ readonly status: "known" } & Answer<Fact>)
  | { readonly status: "absent"; readonly why: string; readonly at: Date }
  | {
      readonly status: "failed";
      readonly error: Failure;
      readonly at: Date;
      readonly last?: Answer<Fact>;
    };

/** All that one host was asked, by probe. */
export interface Observations {
  readonly of: <Fact>(probe: Probe<Fact>) => Observation<Fact>;
}

/** Absent is an answer, not an error: most hosts lack most tools. */
export type Detection =
  | { readonly present: true; readonly version?: string }
  | { readonly present: false; readonly why: string };

/** What a backend may look at when it chooses its questions. */
export interface Seen {
  /** Of what `looksFor` named, what is there. */
  readonly found: Found;
  /** As `version` parsed it, once it was answered. */
  readonly version?: string;
  readonly observations: Observations;
}

/** The one vocabulary for how well something is. */
export type Health = "ok" | "warning" | "failed" | "unknown";

/** Something that is not well, in the user's words: "sdc is missing, the mirror runs on one disk". */
export interface Finding {
  readonly severity: Exclude<Health, "ok">;
  readonly message: string;
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

/** The families that a backend can belong to. */
export type BackendKind = "host" | "workload" | "storage" | "power";

export interface LogOptions {
  readonly follow: boolean;
  readonly lines: number;
  /** A point in time that the tool understands, RFC 3339. */
  readonly since?: string;
}

/**
 * One tool that a host may have, such as Docker, ZFS or NUT.
 *
 * A backend is pure. It words questions and reads answers; it never reaches a host. What it can do is what it has: a
 * backend without `logs` has no logs, and no view asks twice.
 */
export interface Backend {
  readonly id: string;
  readonly kind: BackendKind;
  readonly title: string;
  /** Looked for in one go with those of all other backends, right after the host let us in. */
  readonly looksFor: Look;
  /** Is the tool in use on this host? Pure. `why` is in the user's words: "docker is not installed". */
  readonly detect: (found: Found) => Detection;
  /** Asked once it was detected. Chooses between dialects of a tool, and is what `doctor` shows. */
  readonly version?: Probe<string>;
  /**
   * The questions that are due in the light of what was seen so far: asked again after each answer that brings something
   * new, so that a list brings a question for each of its items. Pure, and the same for the same facts, whenever these
   * were seen.
   */
  readonly probes: (seen: Seen) => readonly Probe<unknown>[];
  /**
   * Turns answers into things with a health. One failed probe hides only its own part. What could not be known never
   * becomes a default: the model reports each failed probe, and lists what needs a permission with its fix. `previous`
   * is what was seen one round earlier (`unasked` at first), so that a counter that grows can show. Pure.
   */
  readonly resources: (seen: Seen, previous: Observations) => readonly Resource[];
  /** The command that prints or follows the log of one of its resources; undefined when that has none. */
  readonly logs?: (resource: Resource, options: LogOptions) => Command | undefined;
  /** Runs a command inside one of its containers. */
  readonly exec?: (resource: ResourceOf<"container">, argv: Command["argv"]) => Command;
}

const ranks: Record<Health, number> = { ok: 0, unknown: 1, warning: 2, failed: 3 };

/** For sorting: the worst first. */
export const byHealth = (a: Health, b: Health): number => ranks[b] - ranks[a];

export function healthOf(findings: readonly Finding[]): Health {
  return findings.reduce<Health>(
    (worst, { severity }) => (byHealth(worst, severity) > 0 ? severity : worst),
    "ok",
  );
}

/** The key under which an answer is kept: `smart.disk` or `smart.disk:/dev/sda`. */
export const keyOf = ({ id, item }: Probe<unknown>): string => (item === undefined ? id : `${id}:${item}`);

/** The last good answer, if there was one. */
export function answerOf<Fact>(observation: Observation<Fact>): Answer<Fact> | undefined {
  if (observation.status === "known") return observation;
  return observation.status === "failed" ? observation.last : undefined;
}

/** The fact, if it is known or was known before it failed. */
export const factOf = <Fact>(observation: Observation<Fact>): Fact | undefined => answerOf(observation)?.fact;

/** When the host gave the answer that `factOf` returns. */
export const answeredAt = (observation: Observation<unknown>): Date | undefined => answerOf(observation)?.at;

/** Probes are read by the collector as `Probe<unknown>`; inside a backend they keep their own fact. */
export const defineProbe = <Fact>(probe: Probe<Fact>): Probe<Fact> => probe;
