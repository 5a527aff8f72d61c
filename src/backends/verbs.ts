import type { User } from "../command/command.ts";
import type { Failure } from "../errors.ts";
import type { From, Runs } from "../inventory/service.ts";
import type { Basis, Check, Step, WaitStep } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import type { Resource } from "./resource.ts";

/** What a verb answers: steps of a plan, or in the user's words why it cannot be done, and what would make it possible. */
export type Steps = readonly Step[] | WhyNot;

export interface WhyNot {
  readonly whyNot: string;
  readonly hint?: string;
  /** It is not there: it can be made. */
  readonly isMissing?: true;
  /** What kept us from asking: a host that is away, or a secret that is not where the inventory says. */
  readonly cause?: Failure;
}

export const isWhyNot = (answer: object): answer is WhyNot => "whyNot" in answer;

/** Starting and stopping what a tool runs. `host` is where the resource is. Each step says how it is seen to be done. */
export interface LifecycleVerbs {
  readonly start: (resource: Resource, host: string) => Planning<Steps>;
  readonly stop: (resource: Resource, host: string) => Planning<Steps>;
  readonly restart: (resource: Resource, host: string) => Planning<Steps>;
  /** Of one that no list has, because its tool forgets what does not run: is it there all the same? */
  readonly isThere?: (resource: Resource, host: string) => Planning<boolean>;
  /** How it is seen to run. */
  readonly isRunning: (resource: Resource, host: string) => readonly Check[];
  /** How all of it is seen to run, where that is more than `isRunning`. */
  readonly isAllRunning?: (resource: Resource, host: string) => readonly Check[];
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
  readonly files: readonly (DeclaredFile & {
    readonly path: string;
    readonly isMade?: true;
    /** Octal; that of the declared file, or `0644`, when absent. */
    readonly mode?: string;
  })[];
  /** What they run, as far as that can be read in them. */
  readonly images: readonly string[];
  /** The id of the backend that fetches these. */
  readonly engine: string;
}

/** How files that were put in place take effect. */
export interface TakingEffect {
  /** Ends what runs by files that are going to be taken away, while they are still there. */
  readonly quit?: readonly Step[];
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
  /** `changed` are the paths that are going to be other than they were, `gone` those that are taken away. */
  readonly takeEffect: (
    wish: Wish,
    placement: Placement,
    changed: readonly string[],
    host: string,
    gone: readonly string[],
  ) => Planning<TakingEffect | WhyNot>;
}

/** The images that a tool runs. */
export interface ImageVerbs {
  /** Brings an image to the host; no step where it is there. */
  readonly fetch: (image: string, host: string, owner: User | undefined) => Planning<Steps>;
  /** What the tool's own rounds of updates will do, and what they said that they did. Throws `CommandFailed`. */
  readonly autoUpdates?: (host: string, owner: User | undefined) => Planning<readonly AutoUpdate[]>;
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
