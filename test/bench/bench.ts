import type { Cleanup } from "./cleanup.ts";

/** What the person who runs it wants. */
export interface BenchOptions {
  /** Shorter and rougher: shows that everything runs. */
  readonly isQuick: boolean;
  /** How many hosts stand for the fifty of the table. */
  readonly hosts: number;
  /** How many simulated ones are held at the same time. */
  readonly held: number;
  /** How long one host is watched to see what that costs it. */
  readonly minutes: number;
}

/** A line of the table: both sides were measured in this run, on this machine. */
export interface Measurement {
  readonly what: string;
  readonly ours: string;
  readonly theirs: string;
  /** What the target is about, mostly ours against theirs. */
  readonly figure: string;
  readonly target: string;
  readonly isMet: boolean;
}

export interface Unmeasured {
  readonly what: string;
  readonly why: string;
}

export interface Outcome {
  readonly lines: readonly (Measurement | Unmeasured)[];
  /** What exactly was timed, and what else was seen on the way. */
  readonly notes: readonly string[];
}

export interface Bench {
  readonly name: string;
  /** Yields what it has as soon as it has it. Throws `CannotMeasure` when this machine lacks what it needs. */
  readonly run: (options: BenchOptions, cleanup: Cleanup) => AsyncIterable<Outcome>;
}

/** Something is missing here: no figure is better than a wrong one. */
export class CannotMeasure extends Error {}
