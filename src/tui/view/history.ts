import type { Homelab } from "../../model/homelab.ts";

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
    add: ({ hosts, resources }) => {
      for (const { name, facts, seenAt } of hosts) {
        if (!isNew(name, seenAt)) continue;
        const { memoryBytes, memoryAvailableBytes } = facts;
        push(name, "load", facts.load?.[0]);
        push(
          name,
          "memory",
          memoryBytes && memoryAvailableBytes !== undefined
            ? 1 - memoryAvailableBytes / memoryBytes
            : undefined,
        );
      }
      for (const resource of resources) {
        if (resource.kind !== "ups" || !isNew(resource.id, resource.seenAt)) continue;
        push(resource.id, "charge", resource.details.chargeRatio);
        push(resource.id, "runtime", resource.details.runtimeMs);
        push(resource.id, "upsLoad", resource.details.loadRatio);
      }
    },
  };
}
