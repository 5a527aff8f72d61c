import type { Homelab } from "../../model/homelab.ts";
import type { Shown } from "../line.ts";

/** The rows whose health became another one a moment ago, and when. */
export type Changes = ReadonlyMap<string, number>;

const markedMs = 4_000;

/** Compares each picture of the homelab with the last one. What is the same object still is not looked at again. */
export function createChangeReader(): (homelab: Homelab, now: number) => Changes {
  let changes: Changes = new Map();
  let last: Homelab | undefined;
  const [ofHosts, ofServices, ofResources] = [createComparison(), createComparison(), createComparison()];
  return (homelab, now) => {
    if (homelab === last && changes.size === 0) return changes;
    last = homelab;
    const { hosts, services, resources } = homelab;
    const changed = [
      ...hosts.filter((host) => ofHosts(host.name, host, host.state)).map(({ name }) => name),
      ...services
        .filter((known) => ofServices(known.service.name, known, known.health))
        .map(({ service }) => `service ${service.name}`),
      ...resources.filter((known) => ofResources(known.id, known, known.health)).map(({ id }) => id),
    ];
    const kept = [...changes].filter(([, at]) => now - at < markedMs);
    if (changed.length > 0 || kept.length !== changes.size)
      changes = new Map([...kept, ...changed.map((key) => [key, now] as const)]);
    return changes;
  };
}

/** Tells whether the thing of that name has another health than before. */
function createComparison(): (name: string, thing: object, health: Shown) => boolean {
  const before = new Map<string, { readonly thing: object; readonly health: Shown }>();
  return (name, thing, health) => {
    const old = before.get(name);
    if (old?.thing === thing) return false;
    before.set(name, { thing, health });
    // What is seen for the first time did not change.
    return old !== undefined && old.health !== "unknown" && old.health !== health;
  };
}
