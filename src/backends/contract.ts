import type { Found } from "../command/answers.ts";
import type { Command, Look } from "../command/command.ts";
import type { BackupVerbs } from "./backup-verbs.ts";
import type { DataVerbs } from "./data-verbs.ts";
import type { Detection, Observations, Probe, Seen } from "./probe.ts";
import type { Resource, ResourceOf } from "./resource.ts";
import type { SendVerbs } from "./send-verbs.ts";
import type { DeployVerbs, ImageVerbs, LifecycleVerbs, PackageVerbs } from "./verbs.ts";

/** The families that a backend can belong to. */
export type BackendKind = "host" | "workload" | "storage" | "power" | "backup";

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
  readonly lifecycle?: LifecycleVerbs;
  readonly data?: DataVerbs;
  readonly packages?: PackageVerbs;
  readonly deploy?: DeployVerbs;
  readonly images?: ImageVerbs;
  readonly backup?: BackupVerbs;
  readonly send?: SendVerbs;
}
