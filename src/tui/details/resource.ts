import type { Known } from "../../model/resources.ts";
import { toAge, toDuration, toPercent, toSize, type Units } from "../../words.ts";
import { type Line, line, sign, span } from "../line.ts";
import { nameOf, progressCell } from "../screens/cells.ts";
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
        line: line(
          sign(lab.host(name)?.state ?? "unasked"),
          ` ${index + 1} ${name}`,
          span(`  ${why}`, "muted"),
        ),
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
    fact(sayName(name), sayValue(name, value, counting)),
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

const units = /(Bytes|Ms|Ratio|Celsius|Hours|At)$/;

const sayName = (name: string) =>
  name.replace(units, "").replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function sayValue(name: string, value: unknown, counting: Units): string | Line | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return sayNumber(units.exec(name)?.[1], value, counting);
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map((item) => sayItem(item)).join(", ");
  if ("doing" in (value as object)) return progressCell(value as Parameters<typeof progressCell>[0]);
  return undefined;
}

function sayNumber(unit: string | undefined, value: number, counting: Units): string {
  switch (unit) {
    case "Bytes":
      return toSize(value, counting);
    case "Ms":
      return toDuration(value);
    case "Ratio":
      return toPercent(value);
    case "Celsius":
      return `${value} °C`;
    case "Hours":
      return `${value} h`;
    default:
      return `${value}`;
  }
}

function sayItem(item: unknown): string {
  if (typeof item !== "object" || item === null) return String(item);
  const { name, device, state, running, total, errors } = item as Record<string, unknown>;
  const of = running === undefined ? state : `${running}/${total}`;
  return [name ?? device, of, errors ? `${errors} errors` : undefined]
    .filter((word) => word !== undefined)
    .join(" ");
}
