import { byHealth, type Finding, type Health, healthOf, type Reference } from "../backends/contract.ts";
import type { Inventory } from "../inventory/inventory.ts";
import type { Data, HealthCheck, Service } from "../inventory/service.ts";
import { findService, type Presence } from "./placement.ts";
import { createJoin } from "./references.ts";
import type { Known } from "./resources.ts";
import { checkKey, type HostState } from "./state.ts";

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
  readonly findings: readonly Finding[];
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
}

export interface HostView {
  readonly host: HostState;
  readonly resources: readonly Known[];
}

/** Matches what was declared to what is seen. */
export function servicesOf(
  inventory: Inventory,
  views: ReadonlyMap<string, HostView>,
): readonly KnownService[] {
  return [...inventory.services.values()].map((service) => {
    const found = [...views.values()].map((view) => ({
      view,
      presence: findService(service, view.host, view.resources),
    }));
    return judgeService(service, found, views);
  });
}

interface Found {
  readonly view: HostView;
  readonly presence: Presence;
}

function judgeService(
  service: Service,
  found: readonly Found[],
  views: ReadonlyMap<string, HostView>,
): KnownService {
  const running = found.filter(({ presence }) => presence.state === "running");
  const runsOn = running.map(({ view }) => view.host.name);
  const host = runsOn.includes(service.home) ? service.home : (runsOn[0] ?? service.home);
  const here = found.find(({ view }) => view.host.name === host);
  const parts = here && "main" in here.presence ? [here.presence.main, ...here.presence.parts] : [];
  const checks = checksOf(service, (check) => views.get(check.on ?? host)?.host, runsOn.length > 0);
  const findings = dedupe([
    ...placeFindings(service, found, runsOn),
    ...parts.flatMap((part) => part.findings),
    ...checks.flatMap(toFinding),
  ]).toSorted((a, b) => byHealth(a.severity, b.severity));
  const reason = findings.map(({ message }) => message).join("; ");
  const seenAt = here?.view.host.seenAt;
  return {
    id: `${host}/inventory/service/${service.name}`,
    service,
    runsOn,
    host,
    findings,
    health: healthOf(findings),
    ...(reason === "" ? {} : { reason }),
    ...(seenAt === undefined ? {} : { seenAt }),
    parts,
    uses: [...new Set([...parts, ...(here ? dataOf(service, here.view) : [])])],
    checks,
  };
}

/** Two that run is one too many; none is down, unless it may be where we cannot see. */
function placeFindings(
  { home }: Service,
  found: readonly Found[],
  runsOn: readonly string[],
): readonly Finding[] {
  if (runsOn.length > 1) return [{ severity: "failed", message: `runs on ${runsOn.join(" and ")} at once` }];
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
  const where = stopped ? `is stopped on ${stopped.view.host.name}` : "runs nowhere";
  return [{ severity: "failed", message: `${where}, its home is ${home}` }];
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

const prefixes: Record<Data["kind"], string> = {
  zfs: "dataset",
  btrfs: "mount",
  path: "mount",
  volume: "volume",
  lvm: "lv",
};

/** By which name a place of data is known on its host. */
export const referenceOf = ({ kind, name }: Data): Reference => `${prefixes[kind]}:${name}`;

function dataOf({ data }: Service, { resources }: HostView): readonly Known[] {
  const join = createJoin(resources);
  return data.flatMap((place) => join.resolve(referenceOf(place)));
}

function dedupe(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ message }) => !seen.has(message) && seen.add(message));
}
