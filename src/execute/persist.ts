import { setTimeout as sleep } from "node:timers/promises";
import { TimedOut, UnreachableError } from "../errors.ts";

/**
 * Says something to a host until it is answered. Only for what may be said twice. A lost connection is no failure of the
 * work: the job goes on there. Rejects with the last `UnreachableError` when patience is at its end.
 */
export async function persist<Result>(patienceMs: number, attempt: () => Promise<Result>): Promise<Result> {
  const until = Date.now() + patienceMs;
  for (let pauseMs = 250; ; pauseMs = Math.min(pauseMs * 2, 5000)) {
    try {
      return await attempt();
    } catch (error) {
      const mayPass =
        error instanceof TimedOut ||
        (error instanceof UnreachableError && !["host-key", "auth", "config"].includes(error.reason));
      if (!mayPass || Date.now() + pauseMs > until) throw error;
      await sleep(pauseMs);
    }
  }
}
