import type { Found } from "../command/answers.ts";
import type { Command, Look, Output, Question, User } from "../command/command.ts";
import type { Failure } from "../errors.ts";
import type { Repository } from "../inventory/inventory.ts";
import type { Data, From, Runs } from "../inventory/service.ts";
import type { Basis, Check, RunStep, Step, WaitStep } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import type { Consistency } from "../plan/snapshot-tag.ts";

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
export type BackendKind = "host" | "workload" | "storage" | "power" | "backup";

export interface LogOptions {
  readonly follow: boolean;
  readonly lines: number;
  /** A point in time that the tool understands, RFC 3339. */
  readonly since?: string;
}

/** What a verb answers: steps of a plan, or in the user's words why it cannot be done, and what would make it possible. */
export type Steps = readonly Step[] | WhyNot;

export interface WhyNot {
  readonly whyNot: string;
  readonly hint?: string;
  /** It is not there: it can be made. */
  readonly isMissing?: true;
}

export const isWhyNot = (answer: object): answer is WhyNot => "whyNot" in answer;

/** Starting and stopping what a tool runs. `host` is where the resource is. Each step says how it is seen to be done. */
export interface LifecycleVerbs {
  readonly start: (resource: Resource, host: string) => Planning<Steps>;
  readonly stop: (resource: Resource, host: string) => Planning<Steps>;
  readonly restart: (resource: Resource, host: string) => Planning<Steps>;
  /** How it is seen to run. */
  readonly isRunning: (resource: Resource, host: string) => readonly Check[];
  /** What stays the same while it lives, such as its count of restarts. */
  readonly life: (resource: Resource, host: string) => NonNullable<WaitStep["unchanged"]>;
}

/** A small text that is to be on a host. */
export interface DeclaredFile {
  /** Relative to the folder that was declared. */
  readonly name: string;
  readonly text: string;
}

/** What is to be put in place. */
export interface Wish {
  readonly service: string;
  readonly runs: Runs;
  readonly from: Exclude<From, { kind: "playbook" }>;
  readonly files: readonly DeclaredFile[];
  /** Whose it will be, where it is not the system's. */
  readonly owner?: { readonly user: User; readonly home: string };
  /** What stands for it now, else what `standsFor` it. */
  readonly main: Resource;
}

export interface Placement {
  /** Where each goes. `isMade`: it was not declared, but follows from what was. */
  readonly files: readonly (DeclaredFile & { readonly path: string; readonly isMade?: true })[];
  /** What they run, as far as that can be read in them. */
  readonly images: readonly string[];
  /** The id of the backend that fetches these. */
  readonly engine: string;
}

/** How files that were put in place take effect. */
export interface TakingEffect {
  /** What runs is as it should be, and nothing has to be done where no file is new. */
  readonly isInPlace: boolean;
  /** Shows that the tool understands them. What runs is left alone. */
  readonly check: readonly Step[];
  /** The new one takes over from what runs; the undo stops it, and no more. */
  readonly switchOver: readonly Step[];
  /** The end of the way back, when the files are as they were: what ran before runs again, if it does not still. */
  readonly revive: readonly Step[];
}

/** Putting a service in place from files. The backend says where they belong, the operation brings them there. */
export interface DeployVerbs {
  /** What it puts in place. */
  readonly runs: readonly Runs["kind"][];
  /** What will stand for it once it is there, as far as that is known. */
  readonly standsFor: (runs: Runs, owner: User | undefined) => Resource;
  readonly place: (wish: Wish, host: string) => Planning<Placement | WhyNot>;
  /** `changed` are the paths that are going to be other than they were. */
  readonly takeEffect: (
    wish: Wish,
    placement: Placement,
    changed: readonly string[],
    host: string,
  ) => Planning<TakingEffect | WhyNot>;
}

/** The images that a tool runs. */
export interface ImageVerbs {
  /** Brings an image to the host; no step where it is there. */
  readonly fetch: (image: string, host: string, owner: User | undefined) => Planning<Steps>;
  /** What the tool's own rounds of updates will do, and what they said that they did. Throws `CommandFailed`. */
  readonly autoUpdates?: (host: string, owner: User | undefined) => Planning<readonly AutoUpdate[]>;
}

/**
 * Keeping data, and bringing it back. `places` are all places of one service on one host that are of this tool's kind;
 * `tag` names what is made (`toSnapshotTag`), so that it is found again and never met twice. The ids of steps are unique
 * within one answer: an operation that asks more than once puts something in front (`withPrefix`). `planned`: the
 * snapshot is made by the same plan, and so it is not looked for.
 */
export interface DataVerbs {
  /** The kind of declared data that it keeps. */
  readonly kind: Data["kind"];
  /** The place of its own kind that is just this folder: a subvolume, what is mounted there. Undefined when there is none. */
  readonly recognise: (folder: string, host: string) => Planning<Data | undefined>;
  /** Of all places at one moment where the tool can, read-only. Nothing that runs is stopped. */
  readonly snapshot: (places: readonly Data[], host: string, tag: string) => Planning<SnapshotSteps | WhyNot>;
  /**
   * Puts a writable copy of the snapshot `tag` where the data is. What is there is renamed to `NAME_ASIDE`, and kept:
   * nothing is destroyed. Each step has the way back. The service must be stopped. `later`: the snapshot is not there yet,
   * because the same plan makes it first.
   */
  readonly putBack: (
    places: readonly Data[],
    host: string,
    tag: string,
    aside: string,
    when?: "now" | "later",
  ) => Planning<Steps>;
  /** Gives up snapshots for good: each step says what it destroys. Those that are gone already are left out. */
  readonly destroySnapshots: (
    places: readonly Data[],
    host: string,
    tags: readonly string[],
    planned?: "planned",
  ) => Planning<Steps>;
  /** The snapshots of these places, the newest first, as the tool lists them now. */
  readonly listSnapshots: (places: readonly Data[], host: string) => Planning<readonly Snapshot[] | WhyNot>;
  /** Makes the contents of a snapshot readable in a folder of the host, and says in which; with what undoes that. */
  readonly expose: (
    place: Data,
    host: string,
    tag: string,
    planned?: "planned",
  ) => Planning<
    { readonly path: string; readonly before: readonly Step[]; readonly after: readonly Step[] } | WhyNot
  >;
  /**
   * Makes an empty place beside this one, to be filled and then put where it is. What is there is renamed to
   * `NAME_ASIDE` and kept. `mark` names the new one until then: `NAME_MARK`.
   */
  readonly beside?: (
    place: Data,
    host: string,
    names: { readonly mark: string; readonly aside: string },
  ) => Planning<Beside | WhyNot>;
  /** Makes an empty place for a service that has none yet. No steps where there is one. */
  readonly allocate?: (place: Data, host: string) => Planning<Steps>;
}

/** A place that is made by a plan beside another one. */
export interface Beside {
  /** Where it is filled. */
  readonly path: string;
  /** Its way back throws it away. */
  readonly make: readonly Step[];
  /** Puts it in its place. Each step has the way back. The service must be stopped. */
  readonly swap: readonly Step[];
  /** Throws it away. */
  readonly discard: readonly Step[];
  /** What was there before, when it was swapped; undefined where nothing was. */
  readonly kept?: string;
}

export interface SnapshotSteps {
  /** What has to be done first, and takes time that nobody should have to wait for at rest. */
  readonly before: readonly Step[];
  readonly steps: readonly Step[];
  /** Tidies up. */
  readonly after: readonly Step[];
  /** All places at one moment. */
  readonly isAtomic: boolean;
  /** What a person should know: what it does not contain, how it may come to an end. */
  readonly notes: readonly string[];
}

/** The packages of a host's operating system. */
export interface PackageVerbs {
  /** What there is to upgrade by what the host knows now, and how. Asks no mirror. */
  readonly upgrade: (host: string) => Planning<PackageUpgrade | WhyNot>;
}

export interface PackageUpgrade {
  readonly packages: readonly {
    readonly name: string;
    /** Absent for what is new. */
    readonly from?: string;
    readonly to: string;
    readonly isSecurity: boolean;
  }[];
  /** Not upgraded, because something would have to be removed for it. */
  readonly keptBack: readonly string[];
  /** That the list is still the same. */
  readonly basis: readonly Basis[];
  readonly steps: readonly Step[];
}

/** What podman's own rounds of updates do with one unit. */
export interface AutoUpdate {
  readonly unit: string;
  /** All that follows is absent for what does not run at the moment. */
  readonly container?: string;
  readonly image?: string;
  /** `registry`: a new image there; `local`: a new image on the host. */
  readonly policy?: string;
  /** The next round will take a newer image. */
  readonly isPending: boolean;
  /** What the last round that changed it said of it: `true`, `failed`, `rolled back`. `true` is no proof. */
  readonly lastClaim?: string;
}

/** A snapshot of one place. Made by us when `parseSnapshotTag` can read its tag. */
export interface Snapshot {
  readonly place: Data;
  readonly tag: string;
  readonly createdAt: Date;
  /** What only it holds; undefined where the tool does not say. */
  readonly usedBytes?: number;
  /** Full, or otherwise of no use any more: why. */
  readonly invalid?: string;
  /** Somebody holds it: it must not be destroyed. */
  readonly isHeld?: boolean;
}

/** A repository that a program on a host reads and writes. */
export type AddressedRepository = Extract<Repository, { readonly address: string }>;

/** What is written on a backup beside its data, so that any machine finds out what it is. */
export interface BackupLabel {
  readonly service: string;
  /** The id of the plan that made it. */
  readonly operation: string;
  readonly host: string;
  /** `file-by-file`: while it was in use, and not at one moment. */
  readonly consistency: Consistency | "file-by-file";
  /** The declared places, and the folder that each is in the backup. */
  readonly places: readonly {
    readonly kind: Data["kind"];
    readonly name: string;
    readonly path: string;
  }[];
}

/** A backup as its repository lists it. */
export interface StoredBackup extends BackupLabel {
  readonly id: string;
  readonly at: Date;
  /** Of what is in it; undefined where the listing does not say. */
  readonly sizeBytes?: number;
}

/** Copies in a repository elsewhere. The host does it, with its own way to reach the repository. */
export interface BackupVerbs {
  /** As the inventory calls the repositories that it keeps. */
  readonly tool: AddressedRepository["tool"];
  /** All that we put there, the newest first, as the repository lists it now. */
  readonly list: (
    repository: AddressedRepository,
    host: string,
  ) => Planning<readonly StoredBackup[] | WhyNot>;
  /** How many bytes a restore of it writes. */
  readonly sizeOf: (repository: AddressedRepository, host: string, id: string) => Planning<number | WhyNot>;
  /** Makes the repository. */
  readonly init: (repository: AddressedRepository, host: string) => RunStep;
  /** Of the folders that the label names. Done is what the repository lists: what could not be read whole it forgets. */
  readonly backup: (repository: AddressedRepository, label: BackupLabel) => RunStep;
  /** Puts the folders of a backup below `root`, and holds every file against the digests that the repository keeps. */
  readonly restore: (
    repository: AddressedRepository,
    host: string,
    backup: StoredBackup,
    root: string,
  ) => readonly RunStep[];
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
  readonly lifecycle?: LifecycleVerbs;
  readonly data?: DataVerbs;
  readonly packages?: PackageVerbs;
  readonly deploy?: DeployVerbs;
  readonly images?: ImageVerbs;
  readonly backup?: BackupVerbs;
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
