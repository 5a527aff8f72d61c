import type { Homelab } from "../model/homelab.ts";

/** Every host, and that nothing is known of it. */
export const nothingKnown = (hosts: Iterable<string>): Homelab => ({
  hosts: Array.from(hosts, (name) => ({
    name,
    state: "unknown",
    link: { status: "idle" },
    problems: [],
    unseen: [],
    facts: {},
    probes: {},
  })),
  services: [],
  resources: [],
});

/**
 * What is known now; in the place of what was not answered yet, what was known at the last time, with its age.
 * `isAnswered` says of a host whether it told everything since.
 */
export function mergeRemembered(
  live: Homelab,
  remembered: Homelab | undefined,
  isAnswered: (host: string) => boolean,
): Homelab {
  if (!remembered) return live;
  const waiting = new Set(live.hosts.filter(({ name }) => !isAnswered(name)).map(({ name }) => name));
  if (waiting.size === 0) return live;
  const before = new Map(remembered.hosts.map((host) => [host.name, host]));
  const servicesBefore = new Map(remembered.services.map((known) => [known.service.name, known]));
  return {
    hosts: live.hosts.map((host) => {
      const old = waiting.has(host.name) ? before.get(host.name) : undefined;
      if (!old) return host;
      // That it cannot be reached is news; how it was, is not.
      return host.link.status === "down"
        ? { ...host, facts: old.facts, ...(old.seenAt ? { seenAt: old.seenAt } : {}) }
        : { ...old, link: host.link };
    }),
    services: live.services.map((known) =>
      waiting.has(known.host) && known.seenAt === undefined
        ? (servicesBefore.get(known.service.name) ?? known)
        : known,
    ),
    resources: [
      ...live.resources.filter(({ host }) => !waiting.has(host) || !before.has(host)),
      ...remembered.resources.filter(({ host }) => waiting.has(host)),
    ],
  };
}
