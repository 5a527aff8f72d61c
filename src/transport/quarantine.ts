import { TimedOut } from "../errors.ts";
import { sanitiseLine } from "./sanitise.ts";

/** The questions that hang on one host: each is left alone for a while, for longer each time it hangs again. */
export interface Quarantine {
  /** Throws `TimedOut` as long as this question is not to be sent. */
  readonly check: (text: string) => void;
  readonly add: (text: string) => void;
  /** It was answered; or it was not its own fault. */
  readonly release: (text: string) => void;
}

export function createQuarantine(host: string, { leastMs = 30_000, mostMs = 15 * 60_000 } = {}): Quarantine {
  const inside = new Map<string, { readonly untilMs: number; readonly times: number }>();
  return {
    check: (text) => {
      const { untilMs = 0, times = 0 } = inside.get(text) ?? {};
      if (untilMs <= Date.now()) return;
      throw new TimedOut(
        `${host} left this unanswered ${times === 1 ? "once" : `${times} times`}; it is asked again after ${new Date(untilMs).toISOString()}: ${sanitiseLine(text)}`,
      );
    },
    add: (text) => {
      const times = (inside.get(text)?.times ?? 0) + 1;
      inside.set(text, { untilMs: Date.now() + Math.min(mostMs, leastMs * 2 ** (times - 1)), times });
    },
    release: (text) => inside.delete(text),
  };
}
