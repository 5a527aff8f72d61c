import type { HealthCheck, Service } from "../../inventory/service.ts";
import type { Budget } from "../../model/budget.ts";
import { healthOfBudget, saySpent } from "../../model/budget-words.ts";
import type { KnownService } from "../../model/services.ts";
import { toAge, toDuration, toSize, type Units } from "../../words.ts";
import { type Line, line, sign, span } from "../line.ts";
import { snapshotCell } from "../screens/copies-cells.ts";
import type { Lab } from "../view/lab.ts";
import {
  type DetailLine,
  fact,
  problemLines,
  resourceLine,
  type Section,
  section,
  unique,
} from "./section.ts";

/** All about one declared service: where it is, how it is, what it stands on, what was promised. */
export function serviceSections(
  known: KnownService,
  lab: Lab,
  log: readonly DetailLine[],
): readonly Section[] {
  const { service, runsOn, parts, uses, checks } = known;
  const join = lab.joinOn(known.host);
  const below = unique(uses.flatMap((used) => [used, ...join.allBelow(used)])).filter(
    ({ id }) => !parts.some((part) => part.id === id),
  );
  const { runs } = service;
  return [
    ...section("PROBLEMS", problemLines(known.findings)),
    ...section(
      "SERVICE",
      fact("runs on", runsOn.join(", ") || line(span("nowhere", "warning"))),
      fact("home", service.home, { kind: "host", id: service.home }),
      fact("as", `${runs.kind} ${runs.user ? `${runs.user}/` : ""}${runs.name}`),
      fact("version", service.version?.pin ?? service.version?.image),
      wholly(fact("was down", known.budget && budgetLine(known.budget))),
      fact("answered", known.seenAt && toAge(known.seenAt, new Date())),
    ),
    ...section(
      "HEALTH",
      checks.flatMap(({ check, passed, message }) => fact(sayCheck(check), sayResult(passed, message))),
    ),
    ...section("COPIES", copiesOf(known)),
    ...section("PARTS", parts.map(resourceLine)),
    ...section("STANDS ON", below.map(resourceLine)),
    ...section("PROMISED", promised(service)),
    ...section("NEEDS", fact("services", service.dependsOn.join(", ")), needs(service, lab.units)),
    ...section("LOG", log),
  ];
}

function copiesOf(known: KnownService): readonly DetailLine[] {
  const { backups, snapshot } = known.copies;
  const age = (at: string) => toAge(new Date(at), new Date());
  const by = snapshot?.isForeign ? "not by SCRAP" : snapshot?.consistency;
  return [
    ...fact("snapshot", [...snapshotCell(known), ...(by === undefined ? [] : [span(`  ${by}`, "muted")])]),
    ...backups.flatMap(({ repository, newest, askedAt, why }) => [
      ...fact(
        repository,
        line(
          newest ? age(newest.at) : askedAt === undefined ? "not known" : "none",
          span(askedAt === undefined ? "" : `  asked ${age(askedAt)}`, "muted"),
          span(newest?.proof ? `  restored for a try ${age(newest.proof.at)}` : "", "muted"),
        ),
      ),
      ...(why === undefined
        ? []
        : wholly(fact("", line(span(`did not tell: ${why.replaceAll(/\s+/g, " ")}`, "unknown"))))),
    ]),
  ];
}

/** Read to their end. */
const wholly = (lines: readonly DetailLine[]): readonly DetailLine[] =>
  lines.map((each) => ({ ...each, wraps: true }));

function budgetLine(budget: Budget): Line {
  const health = healthOfBudget(budget);
  return health === "ok" ? line(saySpent(budget)) : line(sign(health), " ", saySpent(budget));
}

function sayCheck(check: HealthCheck): string {
  switch (check.kind) {
    case "tcp":
      return `tcp ${check.port}`;
    case "http":
      return "http";
    case "command":
      return "command";
    default:
      return check satisfies never;
  }
}

function sayResult(passed: boolean | undefined, message: string): Line {
  const state =
    passed === undefined ? (message === "not checked" ? "unasked" : "unknown") : passed ? "ok" : "failed";
  return line(sign(state), ` ${message}`);
}

function promised({ sla, snapshots, backups, replica }: Service): readonly DetailLine[] {
  return [
    ...fact("class", sla?.name),
    ...fact(
      "may be down",
      sla?.downtimeMs === undefined
        ? undefined
        : `${toDuration(sla.downtimeMs)} a ${sla.downtimePer ?? "month"}`,
    ),
    ...fact("RPO", sla?.rpoMs === undefined ? undefined : toDuration(sla.rpoMs)),
    ...fact("RTO", sla?.rtoMs === undefined ? undefined : toDuration(sla.rtoMs)),
    ...fact("snapshots", snapshots && `every ${toDuration(snapshots.everyMs)}`),
    ...backups.flatMap(({ to, everyMs }) => fact("backup", `every ${toDuration(everyMs)} to ${to}`)),
    ...fact("replica", replica && `every ${toDuration(replica.everyMs)} on ${replica.on}`),
  ];
}

function needs({ needs: wanted }: Service, units: Units): readonly DetailLine[] {
  const words = [
    wanted.raid ? "RAID" : "",
    wanted.ups ? "a UPS" : "",
    wanted.snapshots ? "snapshots" : "",
    wanted.encryption ? "encryption" : "",
  ].filter((word) => word !== "");
  return [
    ...fact("of a host", words.join(", ")),
    ...fact("memory", wanted.memoryBytes === undefined ? undefined : toSize(wanted.memoryBytes, units)),
    ...fact("disk", wanted.diskBytes === undefined ? undefined : toSize(wanted.diskBytes, units)),
    ...fact("ports", wanted.ports.join(", ")),
  ];
}
