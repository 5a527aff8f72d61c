import type { Homelab } from "../../model/homelab.ts";
import { usedMemory } from "../../model/hosts.ts";

export type Series = "load" | "memory" | "charge" | "runtime" | "upsLoad";

/** The last values of what moves, while the cockpit is open: for sparklines. */
export interface History {
  readonly of: (id: string, series: Series) => readonly (number | undefined)[];
  readonly add: (homelab: Homelab) => void;
}

const most = 120;

export function createHistory(): History {
  const values = new Map<string, (number | undefined)[]>();
  const seen = new Map<string, number>();
  const push = (id: string, series: Series, value: number | undefined) => {
    const key = `${series} ${id}`;
    const list = values.get(key) ?? [];
    // What was never told has no history.
    if (value === undefined && list.length === 0) return;
    list.push(value);
    if (list.length > most) list.shift();
    values.set(key, list);
  };
  /** Only what was answered anew is a new value. */
  const isNew = (id: string, at: Date | undefined) => {
    if (at === undefined || seen.get(id) === at.getTime()) return false;
    seen.set(id, at.getTime());
    return true;
  };
  return {
    of: (id, series) => values.get(`${series} ${id}`) ?? [],
    add: ({ resources }) => {
      for (const resource of resources) {
        const { id, kind, host, seenAt } = resource;
        // A host answers other questions all the time: its load is as old as the answer that tells it.
        if ((kind !== "host" && kind !== "ups") || !isNew(id, seenAt)) continue;
        if (resource.kind === "host") {
          push(host, "load", resource.details.load?.[0]);
          push(host, "memory", usedMemory(resource.details));
        } else if (resource.kind === "ups") {
          const { chargeRatio, runtimeMs, loadRatio } = resource.details;
          push(id, "charge", chargeRatio);
          push(id, "runtime", runtimeMs);
          push(id, "upsLoad", loadRatio);
        }
      }
    },
  };
}
