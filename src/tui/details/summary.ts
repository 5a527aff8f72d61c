import { isUnfinished, sayStanding, standingOf } from "../../journal/standing.ts";
import type { Known } from "../../model/resources.ts";
import { toDuration } from "../../words.ts";
import { line, sign, span, tokenOf } from "../line.ts";
import { nameOf, stateOf } from "../screens/cells.ts";
import { fedBy } from "../screens/power.ts";
import type { Lab, Ref } from "../view/lab.ts";
import { type DetailLine, hostProblemLines, problemLines, unique } from "./section.ts";

/** What is worth telling of a thing in a few lines, the most important first. */
export function summaryOf(ref: Ref, lab: Lab): readonly DetailLine[] {
  if (ref.kind === "host") return ofHost(ref.id, lab);
  if (ref.kind === "operation") return ofOperation(ref.id, lab);
  return ref.kind === "service" ? ofService(ref.id, lab) : ofResource(ref.id, lab);
}

function ofOperation(id: string, lab: Lab): readonly DetailLine[] {
  const summary = lab.operation(id);
  if (!summary || "broken" in summary) return [];
  const { plan, ended, by } = summary.operation;
  const standing = standingOf(summary, Date.now());
  return [
    title(plan.title, [sayStanding(standing), `begun by ${by.user}@${by.machine}`]),
    ...(ended?.message.split("\n").map((text) => ({ line: line(text) })) ?? []).slice(0, 2),
    ...(isUnfinished(standing) ? [{ line: line(span("a › Resume goes on with it", "muted")) }] : []),
  ];
}

function ofHost(name: string, lab: Lab): readonly DetailLine[] {
  const host = lab.host(name);
  if (!host) return [];
  const { facts, problems, unseen, address } = host;
  const resources = lab.resourcesOn(name);
  const storage = resources.filter(({ kind }) => kind === "array" || kind === "pool");
  const updates = facts.updatesPending ? `${facts.updatesPending} updates pending` : "";
  const reboot = facts.rebootNeeded ? "reboot needed" : "";
  return [
    title(name, [
      facts.os,
      facts.uptimeMs === undefined ? undefined : `up ${toDuration(facts.uptimeMs)}`,
      address,
      updates,
      reboot,
    ]),
    ...worst(hostProblemLines(problems)),
    ...list(
      "services",
      lab.servicesOn(name).map(({ service, health }) => ({ name: service.name, health })),
    ),
    ...list("storage", storage.map(named)),
    ...(unseen.length > 0
      ? [{ line: line(sign("unknown"), span(` ${unseen.length} things not seen without root`, "unknown")) }]
      : []),
  ];
}

function ofService(name: string, lab: Lab): readonly DetailLine[] {
  const known = lab.service(name);
  if (!known) return [];
  const { service, findings, checks, parts, uses, host, copies } = known;
  const join = lab.joinOn(host);
  const below = unique(uses.flatMap((used) => [used, ...join.allBelow(used)])).filter(
    (each) => !parts.includes(each) && storageKinds.has(each.kind),
  );
  const { runs, sla } = service;
  return [
    title(name, [
      `${runs.kind} ${runs.name}`,
      known.runsOn.length > 0 ? `on ${known.runsOn.join(", ")}` : "runs nowhere",
      sla?.downtimeMs === undefined
        ? undefined
        : `may be down ${toDuration(sla.downtimeMs)} a ${sla.downtimePer ?? "month"}`,
    ]),
    ...worst(problemLines(findings)),
    ...copies.backups.flatMap(({ repository, why }) =>
      why === undefined
        ? []
        : [
            {
              line: line(sign("unknown"), span(` ${repository} did not tell: ${why}`, "unknown")),
              wraps: true as const,
            },
          ],
    ),
    ...checks
      .filter(({ passed }) => passed !== undefined)
      .map(({ passed, message }) => ({
        line: line(sign(passed ? "ok" : "failed"), span(` ${message}`, "muted")),
      })),
    ...list("stands on", below.map(named)),
    ...list("made of", parts.map(named)),
  ];
}

/** The two worst, and how many more: what hangs on it has to be seen as well. */
function worst(problems: readonly DetailLine[]): readonly DetailLine[] {
  const [first, second, ...others] = problems;
  if (!first || !second) return problems;
  const more = others.length > 0 ? [span(`+${others.length}  `, "muted")] : [];
  return [first, { ...second, line: [...more, ...second.line] }];
}

const storageKinds = new Set(["disk", "array", "pool", "filesystem"]);

function ofResource(id: string, lab: Lab): readonly DetailLine[] {
  const resource = lab.resource(id);
  if (!resource) return [];
  const join = lab.joinOn(resource.host);
  const owner = lab.serviceOf(id);
  const services = unique([...(owner ? [owner] : []), ...lab.servicesAbove(resource)]);
  const isStorage = storageKinds.has(resource.kind);
  return [
    title(nameOf(resource), [resource.kind, `on ${resource.host}`, about(resource)]),
    ...worst(problemLines(resource.findings)),
    ...list(
      isStorage ? "services on it" : "service",
      services.map(({ service, health }) => ({ name: service.name, health })),
    ),
    ...(resource.kind === "ups" ? fed(resource, lab) : []),
    ...list("stands on", join.allBelow(resource).map(named)),
    ...list("on it", join.allAbove(resource).map(named)),
  ];
}

const fed = (ups: Known<"ups">, lab: Lab) =>
  list(
    "feeds",
    fedBy(ups, lab).map((name) => ({ name, health: stateOf(name, lab) })),
  );

function about(resource: Known): string | undefined {
  switch (resource.kind) {
    case "container":
      return resource.details.image;
    case "disk":
      return [resource.details.model, resource.details.serial].filter((word) => word !== undefined).join(" ");
    case "unit":
      return resource.details.description;
    case "ups":
      return resource.details.model;
    default:
      return undefined;
  }
}

const named = (resource: Known) => ({ name: nameOf(resource), health: resource.health });

function title(name: string, words: readonly (string | undefined)[]): DetailLine {
  const rest = words.filter((word) => word !== undefined && word !== "").join(", ");
  return { line: line(span(name, "strong"), rest === "" ? "" : span(`  ${rest}`, "muted")) };
}

/** Names in one line, those that are not well with their sign and first. */
function list(
  label: string,
  items: readonly { readonly name: string; readonly health: Parameters<typeof sign>[0] }[],
): readonly DetailLine[] {
  if (items.length === 0) return [];
  const [well, unwell] = [
    items.filter(({ health }) => health === "ok"),
    items.filter(({ health }) => health !== "ok"),
  ];
  return [
    {
      line: [
        span(`${label}  `, "muted"),
        ...unwell.flatMap(({ name, health }) => [sign(health), span(` ${name}  `, tokenOf(health))]),
        span(well.map(({ name }) => name).join("  ")),
      ],
    },
  ];
}
