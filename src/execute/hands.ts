import type { Journal } from "../journal/journal.ts";
import type { Wish } from "../journal/record.ts";
import type { Plan } from "../plan/plan.ts";
import type { Transport } from "../transport/transport.ts";

/** What carrying out needs from outside. */
export interface Hands {
  readonly transport: Transport;
  readonly journal: Journal;
  /** `user@machine`, for locks and job records. */
  readonly owner: string;
  /** Runs a program of this machine. Resolves with its exit code, -1 when it could not be started. */
  readonly runLocal: (
    argv: readonly [string, ...string[]],
    cwd: string,
    onLine: (line: string) => void,
    signal: AbortSignal,
  ) => Promise<number>;
  /** What a step says while it runs. */
  readonly onOutput: (step: string, text: string) => void;
  /** What a person asked for since it began. */
  readonly asked: () => Wish | undefined;
  /** How long a host that is lost is tried again. */
  readonly patienceMs: number;
}

export interface Work extends Hands {
  readonly plan: Plan;
}
