import type { Detection, Observation, Observations, Probe } from "../backends/probe.ts";
import { keyOf } from "../backends/probe.ts";
import type { Found } from "../command/answers.ts";
import type { Failure } from "../errors.ts";
import type { Data } from "../inventory/service.ts";
import type { LinkState } from "../transport/transport.ts";
import type { Backups } from "./copies.ts";

/** All that we know. Immutable: what did not change is the same object. */
export interface State {
  readonly hosts: ReadonlyMap<string, HostState>;
  /** What repositories told, or who made a backup. Absent: nothing was learnt. */
  readonly backups?: Backups;
}

/** What we know of one host. */
export interface HostState {
  readonly name: string;
  readonly link: LinkState;
  /** Where declared services keep data there, or may. */
  readonly places: readonly Data[];
  /** When the host answered last, whatever it was asked. */
  readonly seenAt?: Date;
  /** What of all that backends look for is there. Absent until the host was let look. */
  readonly found?: Found;
  /** Why we could not even look. */
  readonly lookFailed?: Failure;
  readonly backends: ReadonlyMap<string, BackendState>;
  /** The results of the health checks of declared services, by `checkKey`. */
  readonly checks: ReadonlyMap<string, Observation<CheckResult>>;
}

/** What one backend knows of one host. */
export interface BackendState {
  readonly detection: Detection;
  /** The questions as of the latest answers. */
  readonly probes: readonly Probe<unknown>[];
  readonly answers: Answers;
  /** The last good answers before these, for counters that grow. */
  readonly previous: Answers;
}

export type Answers = ReadonlyMap<string, Observation<unknown>>;

/** What became of one health check: answered as expected or not, and in what words. */
export interface CheckResult {
  readonly passed: boolean;
  readonly message: string;
}

export const checkKey = (service: string, index: number): string => `${service}#${index}`;

export const newHost = (name: string, places: readonly Data[] = []): HostState => ({
  name,
  places,
  link: { status: "idle" },
  backends: new Map(),
  checks: new Map(),
});

/** Was everything asked that is to be asked? Before, what is not seen may still turn up. */
export const isComplete = ({ found, backends }: HostState): boolean =>
  found !== undefined &&
  [...backends.values()].every(({ probes, answers }) => probes.every((probe) => answers.has(keyOf(probe))));

/** The view of answers that backends get. */
export function observationsOf(answers: Answers): Observations {
  return {
    // The key is made from the probe, whose parser alone puts facts there: the type holds.
    of: <Fact>(probe: Probe<Fact>) =>
      (answers.get(keyOf(probe)) ?? { status: "unasked" }) as Observation<Fact>,
  };
}
