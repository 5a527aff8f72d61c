import type { Known } from "../../model/resources.ts";
import { sayDetail, sayDetailName, toAge, toDuration, toPercent, type Units } from "../../words.ts";
import { line, sign, span } from "../line.ts";
import { nameOf, stateOf } from "../screens/cells.ts";
import { sayStatus, shutdownOrder } from "../screens/power.ts";
import type { Look } from "../theme/look.ts";
import type { History } from "../view/history.ts";
import type { Lab } from "../view/lab.ts";
import { graph } from "./host.ts";
import {
  type DetailLine,
  fact,
  problemLines,
  resourceLine,
  type Section,
  section,
  serviceLine,
  unique,
} from "./section.ts";

/** All about one unit, container, disk, pool, UPS …, what it stands on and what stands on it. */
export function resourceSections(
  resource: Known,
  lab: Lab,
  look: Look,
  history: History,
  log: readonly DetailLine[],
): readonly Section[] {
  const join = lab.joinOn(resource.host);
  const owner = lab.serviceOf(resource.id);
  const services = unique([...(owner ? [owner] : []), ...lab.servicesAbove(resource)]);
  return [
    ...section("PROBLEMS", problemLines(resource.findings)),
    ...section(
      resource.kind.toUpperCase(),
      fact("name", nameOf(resource)),
      fact("host", resource.host, { kind: "host", id: resource.host }),
      fact("seen by", resource.backend),
      detailLines(resource, lab.units),
      fact("answered", toAge(resource.seenAt, new Date())),
    ),
    ...(resource.kind === "ups" ? upsSections(resource, lab, look, history) : []),
    ...section("SERVICES", services.map(serviceLine)),
    ...section("STANDS ON", unique(join.allBelow(resource)).map(resourceLine)),
    ...section("ON IT", unique(join.allAbove(resource)).map(resourceLine)),
    ...section("LOG", log),
  ];
}

/** Its history, and the hosts that it feeds in the order in which they can go. */
function upsSections(ups: Known<"ups">, lab: Lab, look: Look, history: History): readonly Section[] {
  const hosts = shutdownOrder(ups, lab);
  return [
    ...section(
      "HISTORY",
      graph("charge", look, history.of(ups.id, "charge"), { min: 0, max: 1 }),
      graph("load", look, history.of(ups.id, "upsLoad"), { min: 0, max: 1 }),
      graph("runtime", look, history.of(ups.id, "runtime")),
    ),
    ...section(
      "FEEDS, IN ORDER OF SHUTDOWN",
      hosts.map(({ name, why }, index) => ({
        line: line(sign(stateOf(name, lab)), ` ${index + 1} ${name}`, span(`  ${why}`, "muted")),
        ref: { kind: "host" as const, id: name },
      })),
      hosts.length === 0
        ? []
        : fact("suffices", line(span("not known: nobody has measured how long they take to stop", "muted"))),
    ),
  ];
}

/** The details by their names: the unit of a number is in its name. */
function detailLines({ details, kind }: Known, counting: Units): readonly DetailLine[] {
  if (kind === "ups") return upsLines(details as Known<"ups">["details"]);
  return Object.entries(details).flatMap(([name, value]) =>
    fact(sayDetailName(name), sayDetail(name, value, counting)),
  );
}

function upsLines({ status, model, chargeRatio, runtimeMs, loadRatio }: Known<"ups">["details"]) {
  return [
    ...fact("status", `${sayStatus(status)} (${status.join(" ")})`),
    ...fact("charge", toPercent(chargeRatio)),
    ...fact("runtime", runtimeMs === undefined ? undefined : toDuration(runtimeMs)),
    ...fact("load", toPercent(loadRatio)),
    ...fact("model", model),
  ];
}
