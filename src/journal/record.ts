import type { Plan } from "../plan/plan.ts";

/** Who wanted it, and from where. */
export interface Origin {
  readonly user: string;
  readonly machine: string;
  /** The inventory that the hosts of the plan are in; absent for this machine alone. */
  readonly inventory?: string;
  readonly sshConfig?: string;
}

/**
 * How an operation ended. `failed`: what was done stays, and it is known what that is. `unchanged`: it failed before anything was changed; `refused`: it was not begun. `stopped`:
 * some of it is done or could not be put back, and what is left was not begun.
 */
export type Outcome = "done" | "walked-back" | "unchanged" | "refused" | "stopped" | "failed" | "in-doubt";

/** What is written down of an operation. Steps of the way back are steps like others. */
export type Event =
  | { readonly kind: "plan"; readonly plan: Plan; readonly by: Origin }
  /** A process drives it from here on. */
  | { readonly kind: "driving"; readonly pid: number }
  /** On disk before the first byte of the step goes anywhere. */
  | {
      readonly kind: "intent";
      readonly step: string;
      readonly says: string;
      readonly hostKey?: string;
      /** Handed to the host together with it: each begins by itself once the one before it is done and was checked. */
      readonly with?: readonly string[];
    }
  /** The host has claimed the job: from here on it may have happened. */
  | { readonly kind: "started"; readonly step: string }
  /** Something that was seen and is worth keeping, such as the last lines of a failed command. */
  | { readonly kind: "observed"; readonly step: string; readonly text: string }
  | { readonly kind: "done"; readonly step: string; readonly already?: true }
  | { readonly kind: "failed"; readonly step: string; readonly why: string; readonly isWarning?: true }
  /** Before the first step of the way back. */
  | { readonly kind: "turned-back"; readonly why: string }
  /** A person asked for something while it ran, or decided what nobody could know. */
  | { readonly kind: "decided"; readonly what: Decision; readonly by: Origin; readonly step?: string }
  /**
   * `basis`: what the fields of the plan's basis were then, where it may go on from there. `run`: it was one of many that a
   * host began by itself; RFC 3339, by its clock.
   */
  | {
      readonly kind: "ended";
      readonly outcome: Outcome;
      readonly message: string;
      readonly basis?: readonly string[];
      readonly run?: { readonly id: string; readonly startedAt: string; readonly endedAt: string };
    };

/** `stop`: after the current step. `walk-back`: cancel the job and go back. */
export type Wish = "stop" | "walk-back";

/** `was-done`, `was-not-done`: of a step in doubt. `anyway`: go on, whatever others changed since. */
export type Decision = Wish | "was-done" | "was-not-done" | "anyway";

/** One line of a journal. */
export type JournalRecord = Event & {
  readonly seq: number;
  /** SHA-256 of the line before, in hex; of nothing for the first. */
  readonly prev: string;
  /** RFC 3339, by the clock of this machine. Order is that of `seq`. */
  readonly at: string;
};
