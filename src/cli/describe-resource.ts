import type { Homelab } from "../model/homelab.ts";
import { createJoin } from "../model/references.ts";
import type { Known } from "../model/resources.ts";
import { type KnownService, servicesAbove } from "../model/services.ts";
import { sayDetail, sayDetailName, toAge } from "../words.ts";
import { drawSections, type Section } from "./sections.ts";
import { toState } from "./service-words.ts";
import type { Style } from "./style.ts";

/** All that is known of a resource, what it stands on, and what stands on it. */
export function drawResource(resource: Known, homelab: Homelab, style: Style, now: Date): string {
  const { id, kind, host, backend, user, name, health, findings, details, seenAt } = resource;
  const join = createJoin(homelab.resources.filter((other) => other.host === host));
  const above = [...join.allAbove(resource), ...servicesAbove(resource, homelab.services, join)];
  const sections: Section[] = [
    ["Name", user === undefined ? name : `${user}/${name}`],
    ["Kind", kind],
    ["Id", id],
    ["Host", host],
    ["Health", `${style.sign(health)} ${style.paint(health, health)}`],
    ["Problems", findings.map(({ severity, message }) => `${style.sign(severity)} ${message}`)],
    ...Object.entries(details).map(([detail, value]): Section => [titleOf(detail), sayDetail(detail, value)]),
    ["Seen by", backend],
    ["Seen", toAge(seenAt, now)],
    ["Stands on", join.allBelow(resource).map((thing) => toLine(thing, style))],
    ["On it", above.map((thing) => toLine(thing, style))],
  ];
  return drawSections(sections, style);
}

const properTitles: Readonly<Record<string, string>> = {
  os: "System",
  cpus: "Processors",
  smart: "SMART",
  wwn: "WWN",
};

/** `Power on` of `powerOnHours`. */
export function titleOf(detail: string): string {
  const name = properTitles[detail] ?? sayDetailName(detail);
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}

/** One line of a thing that has to do with what is described. */
export function toLine(thing: Known | KnownService, style: Style): string {
  const state = "service" in thing ? "" : toState(thing);
  return [`${style.sign(thing.health)} ${thing.id}`, state, thing.reason ?? ""]
    .filter((text) => text !== "")
    .join("  ");
}
