import type { WhyNot } from "../backends/verbs.ts";
import type { Decision } from "../journal/record.ts";
import type { OperationSummary } from "../journal/standing.ts";
import type { Copy } from "../operations/copies.ts";
import type { Request } from "../operations/operations.ts";
import type { Plan } from "../plan/plan.ts";

/** What the cockpit changes hosts with. Operations go on without it: it plans them, and looks on. */
export interface Changing {
  /** Why that verb cannot even be planned for what has that name, as far as it is known already. */
  readonly whyNot: (verb: Request["verb"], name: string) => WhyNot | undefined;
  /** Asks hosts anew, changes nothing. Rejects with `Refused` when it cannot be done. */
  readonly plan: (request: Request) => Promise<Plan>;
  /** What a service can be restored from, the newest first. Rejects when there is nothing, with why. */
  readonly copies: (service: string) => Promise<readonly Copy[]>;
  /**
   * Has the repositories tell what they have of the declared services: those that were not asked for that long. Resolves
   * when they did, with how many; those that it already waits for are not asked twice. `unattended`: none whose password
   * a program might ask a person for.
   */
  readonly askRepositories: (olderThanMs: number, unattended: boolean) => Promise<number>;
  /** Begins to carry it out. It goes on whoever leaves. */
  readonly start: (plan: Plan) => Promise<void>;
  /** Goes on with one that was cut off or stopped. */
  readonly resume: (id: string, decision?: StepDecision) => Promise<void>;
  /** Gives back the locks that it holds on its hosts. Rejects with `Refused` while a job of it runs there. */
  readonly unlock: (id: string) => Promise<void>;
  /** False when nobody carries it out any more. Throws `Refused` where another machine does. */
  readonly cancel: (id: string, wish: "stop" | "walk-back") => boolean;
  /** The newest first; the same array while nothing changed. */
  readonly operations: () => readonly OperationSummary[];
  readonly subscribe: (listener: () => void) => () => void;
  /** What its steps say, from the beginning. Resolves when it has ended. */
  readonly output: (
    id: string,
    onOutput: (said: { readonly step: string; readonly text: string }) => void,
    signal: AbortSignal,
  ) => Promise<unknown>;
}

/** What a person says of a step of which nobody else can know; or, without one, that it is to go back instead. */
export type StepDecision =
  | { readonly step: string; readonly what: Extract<Decision, "was-done" | "was-not-done"> }
  | { readonly what: "walk-back" };
