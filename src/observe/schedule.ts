import type { Observation } from "../backends/contract.ts";
import { UnreachableError } from "../errors.ts";

/** When which question of one host is due again. */
export interface Schedule {
  /** Not before its time, and not while it is being asked. */
  readonly isDue: (key: string) => boolean;
  /** Asks one question. It is due again when its answer has grown old. */
  readonly ask: (key: string, freshMs: number, run: () => Promise<Observation<unknown>>) => Promise<void>;
  /** Everything is due, whatever was answered. */
  readonly forget: () => void;
  /** Nothing is due but these. */
  readonly keepOnly: (keys: ReadonlySet<string>) => void;
  /** When the next answer grows old, in ms since the epoch. Infinity when nothing will by itself. */
  readonly nextDueAt: () => number;
}

/** Answers stay fresh at least `minFreshMs`, whatever their probe says. */
export function createSchedule(minFreshMs: number): Schedule {
  const dueAt = new Map<string, number>();
  const pending = new Set<string>();
  // Hosts that were asked together would be asked together for ever, and keep one another waiting.
  const pace = 1 + Math.random() / 10;
  return {
    isDue: (key) => !pending.has(key) && (dueAt.get(key) ?? 0) <= Date.now(),
    ask: async (key, freshMs, run) => {
      pending.add(key);
      try {
        const observation = await run();
        const waitMs = Math.max(freshMs, minFreshMs) * pace;
        dueAt.set(key, Date.now() + Math.min(waitMs, retryMs(observation)));
      } finally {
        pending.delete(key);
      }
    },
    forget: () => dueAt.clear(),
    keepOnly: (keys) => {
      for (const key of dueAt.keys()) if (!keys.has(key)) dueAt.delete(key);
    },
    nextDueAt: () => {
      const waiting = [...dueAt].filter(([key]) => !pending.has(key)).map(([, at]) => at);
      return Math.min(...waiting, Number.POSITIVE_INFINITY);
    },
  };
}

/** What failed is asked again soon, however long its answer would be fresh; what was cut off, at once almost. */
function retryMs(observation: Observation<unknown>): number {
  if (observation.status !== "failed") return Number.POSITIVE_INFINITY;
  return observation.error instanceof UnreachableError ? 5_000 : 60_000;
}
