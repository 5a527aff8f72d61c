import type { Homelab } from "../model/homelab.ts";
import { createDating } from "../model/since.ts";
import { mergeRemembered, nothingKnown } from "./remembered.ts";

/** What is known now. */
export interface Live {
  readonly hosts: readonly string[];
  /** Another object whenever something is. */
  readonly state: () => object;
  readonly read: () => Homelab;
  /** Did that host tell everything that it is asked? */
  readonly isAnswered: (host: string) => boolean;
}

export interface Recall {
  /** What is known now, beside what was known before. The same homelab while nothing changed. */
  readonly read: () => Homelab;
  /**
   * What is worth to be remembered: of a host that has not told everything yet, what was known before, be it nothing.
   * Half of it would look like all at the next start. Undefined where nothing is new.
   */
  readonly keep: () => Homelab | undefined;
}

/** `before` is what was known at the end of the last time. */
export function createRecall({ hosts, state, read, isAnswered }: Live, before: Homelab | undefined): Recall {
  const date = createDating(before);
  const live = () => date(read(), new Date());
  let seen: unknown;
  let homelab: Homelab | undefined;
  // Weakly: else a whole homelab of a minute ago stays in memory beside the one of now.
  let kept: WeakRef<object> | undefined;
  return {
    read: () => {
      const now = state();
      if (homelab && seen === now) return homelab;
      seen = now;
      homelab = mergeRemembered(live(), before, isAnswered);
      return homelab;
    },
    keep: () => {
      const now = state();
      if (kept?.deref() === now || !hosts.some(isAnswered)) return undefined;
      kept = new WeakRef(now);
      return mergeRemembered(live(), before ?? nothingKnown(hosts), isAnswered);
    },
  };
}
