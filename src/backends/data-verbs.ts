import type { Command } from "../command/command.ts";
import type { Data } from "../inventory/service.ts";
import type { Step } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import type { Steps, WhyNot } from "./verbs.ts";

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
  /**
   * What lists them where nobody reads what the tool says: a command that prints a line `TAG [held|invalid]` for each
   * place of each snapshot of ours; with what it takes to see them.
   */
  readonly tags: (
    places: readonly Data[],
    host: string,
  ) => Planning<
    { readonly command: Command; readonly before: readonly Step[]; readonly after: readonly Step[] } | WhyNot
  >;
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
