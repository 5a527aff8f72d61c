import type { Observation } from "../backends/probe.ts";
import { UnreachableError } from "../errors.ts";

/** When which question of one host is due again. */
export interface Schedule {
  /** Has its answer grown old? Not while it is being asked. */
  readonly isDue: (key: string) => boolean;
  /** Asks one question. */
  readonly ask: (key: string, freshMs: number, run: () => Promise<Observation<unknown>>) => Promise<void>;
  /** Everything is due, whatever was answered. */
  readonly forget: () => void;
  /** Nothing is due but these. */
  readonly keepOnly: (keys: ReadonlySet<string>) => void;
  /** When somebody has to be asked, a moment after the answer grew old, in ms since the epoch. Infinity when nothing will by itself. */
  readonly nextDueAt: () => number;
}

/** Answers stay fresh at least `minFreshMs`, whatever their probe says. */
export function createSchedule(minFreshMs: number): Schedule {
  const times = new Map<string, { readonly oldAt: number; readonly dueAt: number }>();
  const pending = new Set<string>();
  // Hosts that were asked together would be asked together for ever, and keep one another waiting.
  const pace = 1.04 + Math.random() * 0.06;
  return {
    // What has grown old goes along with what is due: one journey to the host instead of several.
    isDue: (key) => !pending.has(key) && (times.get(key)?.oldAt ?? 0) <= Date.now(),
    ask: async (key, freshMs, run) => {
      pending.add(key);
      try {
        const observation = await run();
        const [now, waitMs, mostMs] = [Date.now(), Math.max(freshMs, minFreshMs), retryMs(observation)];
        times.set(key, {
          oldAt: now + Math.min(waitMs, mostMs),
          dueAt: now + Math.min(waitMs * pace, mostMs),
        });
      } finally {
        pending.delete(key);
      }
    },
    forget: () => times.clear(),
    keepOnly: (keys) => {
      for (const key of times.keys()) if (!keys.has(key)) times.delete(key);
    },
    nextDueAt: () => {
      const waiting = [...times].filter(([key]) => !pending.has(key)).map(([, { dueAt }]) => dueAt);
      return Math.min(...waiting, Number.POSITIVE_INFINITY);
    },
  };
}

/** What failed is asked again soon, however long its answer would be fresh; what was cut off, at once almost. */
function retryMs(observation: Observation<unknown>): number {
  if (observation.status !== "failed") return Number.POSITIVE_INFINITY;
  return observation.error instanceof UnreachableError ? 5_000 : 60_000;
}
