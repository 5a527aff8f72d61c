import type { Data } from "../inventory/service.ts";
import { referencesTo } from "../model/data.ts";
import type { Homelab } from "../model/homelab.ts";
import { createJoin } from "../model/references.ts";
import type { Known } from "../model/resources.ts";
import type { KnownJob } from "../model/scheduled.ts";
import type { KnownService } from "../model/services.ts";
import { toAge, toSpan } from "../words.ts";
import { toKnownBackup, toSnapshot, toSpent } from "./copies-words.ts";
import { toLine } from "./describe-resource.ts";
import { isAway } from "./exit-code.ts";
import { drawSections, type Section } from "./sections.ts";
import { toBackup, toCheck, toFrom, toLevel, toNeeds, toReplica } from "./service-words.ts";
import type { Style } from "./style.ts";

/** A declared service: what was wanted, what became of it, and all that it stands on. */
export function drawService(known: KnownService, homelab: Homelab, style: Style, now: Date): string {
  const { service, health, findings, parts, checks, uses, seenAt } = known;
  const data = service.data.map((place) => dataOf(place, known, homelab, style));
  const below = new Map<string, Known>();
  for (const used of uses)
    for (const thing of joinOn(used.host, homelab).allBelow(used)) below.set(thing.id, thing);
  for (const { id } of [...parts, ...data.flatMap(({ shown }) => shown)]) below.delete(id);
  const { snapshots, replica, isolation } = service;
  const sections: Section[] = [
    ["Name", service.name],
    ["Health", `${style.sign(health)} ${style.paint(health, health)}`],
    ["Problems", findings.map(({ severity, message }) => `${style.sign(severity)} ${message}`)],
    ["Runs on", placeOf(known)],
    ["As", `${service.runs.kind} ${service.runs.user ? `${service.runs.user}/` : ""}${service.runs.name}`],
    ["From", service.from && toFrom(service.from)],
    ["SLA", toLevel(service)],
    ["Was down", toSpent(known.budget)],
    ["Depends on", service.dependsOn.join(", ")],
    ["Avoids", service.avoid.join(", ")],
    ["Needs", toNeeds(service.needs)],
    ["Isolation", isolation && [isolation.level, ...isolation.routes].join(", ")],
    ["Seen", toAge(seenAt, now)],
    ["Parts", parts.map((part) => toLine(part, style))],
    ["Checks", checks.map((check) => toCheck(check, style))],
    ["Data", data.flatMap(({ lines }) => lines)],
    ["Stands on", [...below.values()].map((thing) => toLine(thing, style))],
    ["Snapshots", snapshots && `every ${toSpan(snapshots.everyMs)}`],
    ["Newest", toSnapshot(known.copies.snapshot, now)],
    ["Backups", service.backups.map(toBackup)],
    ["Known", known.copies.backups.map((each) => toKnownBackup(each, now))],
    ["By schedule", homelab.hosts.flatMap(({ scheduled = [] }) => toScheduled(service.name, scheduled, now))],
    ["Replica", replica && toReplica(replica, service.failover)],
  ];
  return drawSections(sections, style);
}

const toScheduled = (service: string, jobs: readonly KnownJob[], now: Date): readonly string[] =>
  jobs
    .filter((job) => job.service === service)
    .map(({ what, to, host, everyMs, runs: [last] }) => {
      const name = `${what}${to === undefined ? "" : ` to ${to}`} on ${host} every ${toSpan(everyMs)}`;
      return last ? `${name}: ${toAge(new Date(last.endedAt), now)}, ${last.message}` : `${name}: not yet`;
    });

function placeOf({ runsOn, service: { home } }: KnownService): string {
  if (runsOn.length === 0) return `nowhere that was seen; its home is ${home}`;
  return runsOn.length === 1 && runsOn[0] === home
    ? `${home}, its home`
    : `${runsOn.join(", ")}; its home is ${home}`;
}

const joinOn = (host: string, { resources }: Homelab) =>
  createJoin(resources.filter((resource) => resource.host === host));

/** A place of data, and below it what holds it, down to the disks. */
function dataOf(place: Data, { host, service }: KnownService, homelab: Homelab, style: Style) {
  const on = place.on ?? host;
  const join = joinOn(on, homelab);
  const shown: Known[] = [];
  const draw = (resource: Known, depth: number): string[] => {
    if (shown.includes(resource)) return [];
    shown.push(resource);
    const line = `${"  ".repeat(depth)}${toLine(resource, style)}`;
    return [line, ...join.below(resource).flatMap((below) => draw(below, depth + 1))];
  };
  const resources = homelab.resources.filter((resource) => resource.host === on);
  const holders = referencesTo(place, service, resources)
    .flatMap(join.resolve)
    .flatMap((resource) => draw(resource, 1));
  const known = homelab.hosts.find(({ name }) => name === on);
  const why = !known
    ? `${on} was not asked`
    : isAway(known)
      ? `${on} could not be asked`
      : `not seen on ${on}`;
  const title = `${place.kind} ${place.name}${place.on === undefined ? "" : ` on ${place.on}`}`;
  return { shown, lines: holders.length > 0 ? [title, ...holders] : [`${title}: ${why}`] };
}
