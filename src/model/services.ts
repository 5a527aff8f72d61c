import { byHealth, type Finding, type Health, healthOf } from "../backends/resource.ts";
import type { Inventory } from "../inventory/inventory.ts";
import type { HealthCheck, Service } from "../inventory/service.ts";
import type { Budget } from "./budget.ts";
import {
  type Backups,
  type Copies,
  findingsOfCopies,
  judgeCopies,
  mergeBackups,
  newestSnapshot,
} from "./copies.ts";
import { dataOf } from "./data.ts";
import { type Consequence, consequencesOf } from "./foundation.ts";
import { toldOf } from "./hosts.ts";
import type { Join } from "./references.ts";
import type { Known } from "./resources.ts";
import { backupsBySchedule, scheduleFindings } from "./scheduled.ts";
import { checkKey, type HostState } from "./state.ts";
import { candidatesOf, createLocator, type Views, type Whereabouts } from "./whereabouts.ts";

/** A declared service, and what became of it. */
export interface KnownService {
  readonly id: string;
  readonly service: Service;
  /** The hosts where it runs. One is as it should be. */
  readonly runsOn: readonly string[];
  /** Where it is looked after: where it runs, else where it is at home. */
  readonly host: string;
  readonly health: Health;
  readonly reason?: string;
  /** It does not run because somebody wanted that; who, for people. Then it is well. */
  readonly rest?: string;
  readonly findings: readonly (Finding | Consequence)[];
  readonly seenAt?: Date;
  /** The units, pods, projects and containers that it is made of. */
  readonly parts: readonly Known[];
  /** What it stands on: its parts and the file systems, datasets and volumes of its data. */
  readonly uses: readonly Known[];
  readonly checks: readonly {
    readonly check: HealthCheck;
    readonly passed?: boolean;
    readonly message: string;
  }[];
  readonly copies: Copies;
  /** What is left of what it may be down. Absent where nothing was promised, or nobody looked. */
  readonly budget?: Budget;
}

/** The declared services that would be hurt without it. `join` is that of its host: on another, the same names mean other things. */
export const servicesAbove = (
  resource: Known,
  services: readonly KnownService[],
  join: Join,
): readonly KnownService[] =>
  services.filter(({ uses }) =>
    uses.some(
      (used) =>
        used.host === resource.host &&
        (used.id === resource.id || join.allBelow(used).some(({ id }) => id === resource.id)),
    ),
  );

/** Who stopped a service on purpose, for people; undefined where nobody did, as far as is known. */
export type RestOf = (service: string) => string | undefined;

/** Matches what was declared to what is seen. The same object again for the same answers of the hosts it is about. */
export function createServiceReader(
  inventory: Inventory,
  restOf: RestOf = () => undefined,
): (views: Views, backups?: Backups) => readonly KnownService[] {
  const services = [...inventory.services.values()];
  const { viewsOf, find } = createLocator(services);
  const judged = new Map<Service, { readonly about: readonly unknown[]; readonly known: KnownService }>();
  return (views, backups) =>
    services.map((service) => {
      const places = viewsOf(service, views);
      const others = elsewhereIn(service).flatMap((name) => views.get(name) ?? []);
      const learnt = backups?.get(service.name);
      const hosts = [...new Set([...places, ...others].map(({ host }) => host))];
      const about = [...hosts, learnt];
      const before = judged.get(service);
      if (before && isSame(before.about, about)) return before.known;
      const whereabouts = find(service, places);
      const rest = whereabouts.runsOn.length === 0 ? restOf(service.name) : undefined;
      const known = judgeService(service, whereabouts, { hosts, views, rest, learnt });
      judged.set(service, { about, known });
      return known;
    });
}

/** The hosts that its checks are asked from, and that keep its data. */
const elsewhereIn = ({ health, data }: Service) => [...health, ...data].flatMap(({ on }) => on ?? []);

/** The same objects in the same order. */
export const isSame = (a: readonly unknown[], b: readonly unknown[]) =>
  a.length === b.length && a.every((item, index) => item === b[index]);

function judgeService(
  service: Service,
  { found, runsOn }: Whereabouts,
  {
    hosts,
    views,
    rest,
    learnt = [],
  }: {
    /** Those that it is about. */
    readonly hosts: readonly HostState[];
    readonly views: Views;
    readonly rest: string | undefined;
    readonly learnt: Copies["backups"] | undefined;
  },
): KnownService {
  const host = runsOn.includes(service.home) ? service.home : (runsOn[0] ?? service.home);
  const here = found.find(({ view }) => view.host.name === host);
  const parts = here && "main" in here.presence ? [here.presence.main, ...here.presence.parts] : [];
  const told = toldOf(here?.view.resources ?? []);
  const resourcesOf = (name: string) => views.get(name)?.resources ?? [];
  const uses = [...new Set([...parts, ...dataOf(service, host, resourcesOf)])];
  const checks = checksOf(service, (check) => views.get(check.on ?? host)?.host, runsOn.length > 0);
  const { name } = service;
  const bySchedule = backupsBySchedule(name, hosts);
  const backups = mergeBackups(new Map([[name, learnt]]), new Map([[name, bySchedule]])).get(name) ?? [];
  const copies = copiesOf(service, host, views, backups);
  const findings = dedupe([
    ...placeFindings(service, found, runsOn).filter(({ severity }) => !rest || severity !== "failed"),
    ...parts
      .filter(({ id }) => !told.has(id))
      .flatMap((part) => part.findings)
      // That it was stopped, though something wants it, is what somebody meant.
      .filter(({ severity }) => !rest || severity !== "warning"),
    ...checks.flatMap(toFinding),
    ...scheduleFindings(name, hosts),
    ...consequencesOf(uses, resourcesOf),
    ...findingsOfCopies(copies.newest),
  ]).toSorted((a, b) => byHealth(a.severity, b.severity));
  const reason = findings.map(({ message }) => message).join("; ") || rest || "";
  const seenAt = here?.view.host.seenAt;
  return {
    id: `${host}/inventory/service/${service.name}`,
    service,
    runsOn,
    host,
    findings,
    health: healthOf(findings),
    ...(reason === "" ? {} : { reason }),
    ...(rest === undefined ? {} : { rest }),
    ...(seenAt === undefined ? {} : { seenAt }),
    parts,
    uses,
    checks,
    copies,
  };
}

function copiesOf(service: Service, host: string, views: Views, backups: Copies["backups"]): Copies {
  const snapshot = newestSnapshot(service, host, (name) => views.get(name)?.resources ?? []);
  const isAway = service.data.some(({ on = host }) => views.get(on)?.host.link.status !== "up");
  const declared = backups.filter(({ repository }) => service.backups.some(({ to }) => to === repository));
  const known = { ...(snapshot ? { snapshot } : {}), backups: declared };
  const newest = judgeCopies(service, known, isAway, new Date());
  return newest ? { ...known, newest } : known;
}

/** Two that run is one too many; none is down, unless it may be where we cannot see. */
function placeFindings(
  service: Service,
  found: Whereabouts["found"],
  runsOn: readonly string[],
): readonly Finding[] {
  const { home } = service;
  if (runsOn.length > 1) {
    // Where nobody declared a place for it, something else may go by the same name.
    const meant = candidatesOf(service).filter((name) => runsOn.includes(name));
    return [
      {
        severity: meant.length > 1 ? "failed" : "warning",
        message: `runs on ${runsOn.join(" and ")} at once`,
      },
    ];
  }
  if (runsOn.length === 1)
    return runsOn[0] === home
      ? []
      : [{ severity: "warning", message: `runs on ${runsOn[0]}, its home is ${home}` }];
  const stopped = found.find(({ presence }) => presence.state === "stopped");
  // A host that nobody asked now says nothing against what is seen at home.
  const unknown = found
    .filter(({ view }) => !(stopped && view.host.link.status === "idle"))
    .map(({ presence }) => presence)
    .find((presence) => presence.state === "unknown");
  if (unknown) return [{ severity: "unknown", message: `not seen running: ${unknown.why}` }];
  // It says itself why it does not run.
  if (stopped && "main" in stopped.presence && stopped.presence.main.health === "failed") return [];
  const message = stopped
    ? `is stopped on ${stopped.view.host.name}, its home is ${home}`
    : `does not run on ${found.map(({ view }) => view.host.name).join(" or ")}`;
  return [{ severity: "failed", message }];
}

function checksOf(
  service: Service,
  askedFrom: (check: HealthCheck) => HostState | undefined,
  runs: boolean,
): KnownService["checks"] {
  return service.health.map((check, index) => {
    const result = askedFrom(check)?.checks.get(checkKey(service.name, index));
    if (!runs || !result || result.status === "unasked") return { check, message: "not checked" };
    if (result.status === "known") return { check, ...result.fact };
    const message = result.status === "absent" ? result.why : result.error.message;
    return { check, message };
  });
}

function toFinding({ passed, message }: KnownService["checks"][number]): readonly Finding[] {
  if (passed === true || message === "not checked") return [];
  return [{ severity: passed === false ? "failed" : "unknown", message: message.replace(/\s+/g, " ") }];
}

function dedupe<Found extends Finding>(findings: readonly Found[]): Found[] {
  const seen = new Set<string>();
  return findings.filter(({ message }) => !seen.has(message) && seen.add(message));
}
