import type { Homelab } from "../../model/homelab.ts";
import type { Shown } from "../line.ts";

/** The rows whose health became another one a moment ago, and when. */
export type Changes = ReadonlyMap<string, number>;

const markedMs = 4_000;

/** Compares each picture of the homelab with the last one. */
export function createChangeReader(): (homelab: Homelab, now: number) => Changes {
  let before: Map<string, Shown> | undefined;
  let changes: Changes = new Map();
  let last: Homelab | undefined;
  return (homelab, now) => {
    const { hosts, services, resources } = homelab;
    if (homelab === last && changes.size === 0) return changes;
    last = homelab;
    const after = new Map<string, Shown>([
      ...hosts.map(({ name, state }) => [name, state] as const),
      ...services.map(({ service, health }) => [`service ${service.name}`, health] as const),
      ...resources.map(({ id, health }) => [id, health] as const),
    ]);
    const kept = [...changes].filter(([, at]) => now - at < markedMs);
    const added = before
      ? [...after].flatMap(([key, health]): [string, number][] => {
          const old = before?.get(key);
          // What is seen for the first time did not change.
          return old === undefined || old === "unknown" || old === health ? [] : [[key, now]];
        })
      : [];
    before = after;
    if (added.length > 0 || kept.length !== changes.size) changes = new Map([...kept, ...added]);
    return changes;
  };
}
