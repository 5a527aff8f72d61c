import type { KnownHost } from "../../model/homelab.ts";
import { toAge, toDuration, toPercent, toSize, type Units } from "../../words.ts";
import { line, span } from "../line.ts";
import { ratioOf } from "../screens/cells.ts";
import type { Look } from "../theme/look.ts";
import type { History } from "../view/history.ts";
import type { Lab } from "../view/lab.ts";
import { fact, hostProblemLines, resourceLine, type Section, section, serviceLine } from "./section.ts";

const graphWidth = 30;

/** All that one host tells. */
export function hostSections(host: KnownHost, lab: Lab, look: Look, history: History): readonly Section[] {
  const { facts, name } = host;
  const resources = lab.resourcesOn(name);
  const of = (...kinds: readonly string[]) =>
    resources
      .filter(({ kind, background, health }) => kinds.includes(kind) && (!background || health !== "ok"))
      .map(resourceLine);
  const place = lab.placeOf(name);
  const ups = lab.resources("ups").find((each) => each.name === place.power);
  return [
    ...section("PROBLEMS", hostProblemLines(host.problems)),
    ...section(
      "HOST",
      reached(host),
      fact("zone", place.zone),
      fact("groups", place.groups.join(", ")),
      system(host),
    ),
    ...section(
      "LOAD",
      fact(
        "load",
        facts.load &&
          `${facts.load.map((load) => load.toFixed(2)).join(" ")}${facts.cpus ? `  on ${facts.cpus} processors` : ""}`,
      ),
      graph("", look, history.of(name, "load")),
      fact("memory", sayMemory(host, lab.units)),
      graph("", look, history.of(name, "memory"), { min: 0, max: 1 }),
      fact("swap used", sayUsed(facts.swapFreeBytes, facts.swapBytes)),
      fact(
        "temperature",
        facts.temperatures?.map(({ label, celsius }) => `${label} ${Math.round(celsius)} °C`).join(", "),
      ),
    ),
    ...section("SERVICES", lab.servicesOn(name).map(serviceLine)),
    ...section("WORKLOADS", of("project", "pod", "container", "unit")),
    ...section("STORAGE", of("disk", "array", "pool", "filesystem")),
    ...section("POWER", ups ? [resourceLine(ups)] : fact("fed by", place.power)),
    ...section(
      "NOT SEEN WITHOUT ROOT",
      host.unseen.map(({ what, why }) => ({ line: line(what, span(`  ${why}`, "muted")) })),
      host.unseen[0] ? fact("mend it with", host.unseen[0].fix) : [],
    ),
  ];
}

function reached({ link, address, seenAt }: KnownHost) {
  return [
    ...fact("address", address),
    ...(link.status === "up"
      ? [
          ...fact("connected", `${toDuration(Date.now() - link.since.getTime())}, by ${link.access.driver}`),
          ...fact(
            "as root by",
            link.access.privilege === "none" ? span2("not at all") : link.access.privilege,
          ),
        ]
      : []),
    ...(link.status === "connecting"
      ? fact("connecting", `for ${toDuration(Date.now() - link.since.getTime())}`)
      : []),
    ...(link.status === "down"
      ? [
          ...fact("unreachable", `${toDuration(Date.now() - link.since.getTime())} now`),
          ...fact(
            "tried again",
            link.retryAt
              ? `in ${toDuration(Math.max(0, link.retryAt.getTime() - Date.now()))}`
              : "not by itself: R tries now",
          ),
        ]
      : []),
    ...fact("answered", toAge(seenAt, new Date())),
  ];
}

const span2 = (text: string) => line(span(text, "warning"));

function system({ facts }: KnownHost) {
  const {
    os,
    kernel,
    architecture,
    uptimeMs,
    updatesPending,
    securityUpdatesPending,
    rebootNeeded,
    clockSkewMs,
  } = facts;
  const updates =
    updatesPending === undefined
      ? undefined
      : `${updatesPending} pending${securityUpdatesPending ? `, ${securityUpdatesPending} for security` : ""}`;
  return [
    ...fact("system", os),
    ...fact("kernel", [kernel, architecture].filter((word) => word !== undefined).join(" ")),
    ...fact("up", uptimeMs === undefined ? undefined : toDuration(uptimeMs)),
    ...fact("updates", updates),
    ...fact("reboot", rebootNeeded ? span2("needed") : undefined),
    ...fact(
      "clock",
      clockSkewMs !== undefined && Math.abs(clockSkewMs) > 1000
        ? `${toDuration(Math.abs(clockSkewMs))} ${clockSkewMs > 0 ? "ahead" : "behind"}`
        : undefined,
    ),
  ];
}

function sayMemory({ facts }: KnownHost, units: Units): string | undefined {
  const used = sayUsed(facts.memoryAvailableBytes, facts.memoryBytes);
  return used && `${used} of ${toSize(facts.memoryBytes, units)}`;
}

function sayUsed(free: number | undefined, all: number | undefined): string | undefined {
  const ratio = ratioOf(free, all);
  return ratio === undefined ? undefined : toPercent(1 - ratio);
}

export function graph(
  label: string,
  look: Look,
  values: readonly (number | undefined)[],
  range?: { readonly min: number; readonly max: number },
) {
  // One value is no history.
  return values.length < 2
    ? []
    : fact(label, line(span(look.sparkline(values, graphWidth, range), "accent")));
}
