import type { Homelab, KnownHost } from "../model/homelab.ts";
import { createJoin } from "../model/references.ts";
import type { Known } from "../model/resources.ts";
import type { KnownService } from "../model/services.ts";

/** The JSON document of version 1. Fields are only ever added. */
export function toReport(homelab: Homelab, now: Date) {
  const joins = new Map<string, ReturnType<typeof createJoin>>();
  for (const { name } of homelab.hosts)
    joins.set(name, createJoin(homelab.resources.filter(({ host }) => host === name)));
  return {
    version: 1,
    at: now,
    hosts: homelab.hosts.map(toHostEntry),
    resources: [
      ...homelab.services.map(toServiceEntry),
      ...homelab.resources
        .filter(({ background, health, kind }) => (!background || health !== "ok") && kind !== "host")
        .map((resource) => toResourceEntry(resource, joins.get(resource.host))),
    ],
  };
}

export const toHostEntry = ({
  name,
  address,
  state,
  seenAt,
  link,
  problems,
  facts,
  probes,
  unseen,
}: KnownHost) => ({
  name,
  address: address ?? null,
  state,
  seenAt: seenAt ?? null,
  transport: link.status === "up" ? link.access.driver : null,
  problems,
  facts,
  probes,
  unseen,
});

export const toServiceEntry = ({
  id,
  service,
  host,
  runsOn,
  health,
  reason,
  seenAt,
  parts,
  uses,
  checks,
  rest,
  copies,
  budget,
}: KnownService) => ({
  id,
  kind: "service",
  backend: "inventory",
  host,
  scope: service.runs.user ?? "system",
  name: service.name,
  health,
  reason: reason ?? null,
  seenAt: seenAt ?? null,
  uses: uses.map((resource) => resource.id),
  details: {
    home: service.home,
    runsOn,
    runs: service.runs,
    stoppedOnPurpose: rest ?? null,
    parts: parts.map((part) => part.id),
    checks: checks.map(({ check, passed, message }) => ({
      kind: check.kind,
      passed: passed ?? null,
      message,
    })),
    snapshot: copies.snapshot ?? null,
    backups: copies.backups,
    newestCopy: copies.newest ?? null,
    budget: budget ?? null,
  },
});

/** A reference that leads to something we see is given as its id, any other as the tool named it. */
export const toResourceEntry = (resource: Known, join: ReturnType<typeof createJoin> | undefined) => ({
  id: resource.id,
  kind: resource.kind,
  backend: resource.backend,
  host: resource.host,
  scope: resource.user ?? "system",
  name: resource.name,
  health: resource.health,
  reason: resource.reason ?? null,
  seenAt: resource.seenAt,
  uses: [
    ...new Set(
      resource.uses.flatMap((reference) => {
        const found = join?.resolve(reference).filter(({ id }) => id !== resource.id) ?? [];
        return found.length > 0 ? found.map(({ id }) => id) : [reference];
      }),
    ),
  ],
  details: resource.details,
});
