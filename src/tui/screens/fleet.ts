import type { KnownHost } from "../../model/homelab.ts";
import { sayProblem, usedMemory } from "../../model/hosts.ts";
import { usedRatio } from "../../model/resources.ts";
import { toDuration, toPercent } from "../../words.ts";
import { type Line, line, type Shown, sign, span, tokenOf } from "../line.ts";
import type { Lab } from "../view/lab.ts";
import { sayAway } from "./away.ts";
import { countWell, shownState, stateCell } from "./cells.ts";
import { ageCell, seenOfHost } from "./freshness.ts";
import { inShort } from "./in-short.ts";
import { defineList, type List } from "./list.ts";
import { problemsBy } from "./problems.ts";

/** One row a host: the whole homelab at a glance. */
const columns: Parameters<typeof defineList<KnownHost>>[0]["columns"] = [
  { title: "HOST", cell: ({ name }) => name, rank: 0 },
  { title: "STATE", cell: stateOf, flexible: true, rank: 0, by: (host) => severity[shownState(host)] },
  {
    title: "LOAD",
    cell: ({ facts }) => facts.load?.[0].toFixed(1) ?? "",
    by: ({ facts }) => facts.load?.[0],
    align: "right",
    rank: 3,
  },
  { title: "MEM", cell: (host) => toPercent(memoryOf(host)), by: memoryOf, align: "right", rank: 4 },
  {
    title: "DISK",
    cell: (host, lab) => toPercent(fullest(host, lab)),
    by: fullest,
    align: "right",
    rank: 5,
  },
  {
    title: "SERVICES",
    cell: ({ name }, lab) => countWell(lab.servicesOn(name), ["ok", "warning"]),
    align: "right",
    rank: 2,
  },
  {
    title: "CTRS",
    cell: ({ name }, lab) => countWell(lab.resourcesOn(name).filter(({ kind }) => kind === "container")),
    align: "right",
    rank: 8,
  },
  { title: "ARRAYS", cell: arraysOf, align: "right", rank: 6 },
  { title: "UPS", cell: upsOf, rank: 7 },
  {
    title: "UP",
    cell: ({ facts }) => (facts.uptimeMs === undefined ? "" : toDuration(facts.uptimeMs)),
    by: ({ facts }) => facts.uptimeMs,
    align: "right",
    rank: 9,
  },
  { title: "SEEN", cell: (host, lab) => ageCell(seenOfHost(host), lab), rank: 1 },
];

const severity: Record<Shown, number> = {
  unreachable: 0,
  failed: 1,
  degraded: 2,
  warning: 2,
  unknown: 3,
  unasked: 4,
  ok: 5,
};

/** For sorting hosts. */
export const worstFirst = (a: KnownHost, b: KnownHost): number =>
  severity[shownState(a)] - severity[shownState(b)];

/** The worst of it in words, and how many more there are. */
function stateOf(host: KnownHost): Line {
  const { state, problems, link } = host;
  const [worst, ...others] = problems;
  if (!worst) {
    if (state !== "unknown") return stateCell(state, state);
    return stateCell("unasked", link.status === "up" ? "asking" : sayConnecting(host));
  }
  const since = link.status === "down" ? `for ${toDuration(Date.now() - link.since.getTime())}` : undefined;
  const words =
    state === "unreachable"
      ? sayAway(host, worst, since)
      : sayProblem({ ...worst, message: inShort(worst.message) });
  return stateCell(shownState(host), `${words}${others.length > 0 ? ` (+${others.length})` : ""}`);
}

const sayConnecting = ({ link }: KnownHost) =>
  link.status === "connecting"
    ? `connecting for ${toDuration(Date.now() - link.since.getTime())}`
    : "connecting";

function memoryOf({ facts }: KnownHost): number | undefined {
  return usedMemory(facts);
}

/** Of all its file systems the fullest one. */
function fullest({ name }: KnownHost, lab: Lab): number | undefined {
  const ratios = lab
    .resourcesOn(name)
    .flatMap((resource) => (resource.kind === "filesystem" ? (usedRatio(resource.details) ?? []) : []));
  return ratios.length === 0 ? undefined : Math.max(...ratios);
}

function arraysOf({ name }: KnownHost, lab: Lab): Line {
  return countWell(lab.resourcesOn(name).filter(({ kind }) => kind === "array" || kind === "pool"));
}

/** The UPS that feeds it: its name while all is well, what it says when not. */
function upsOf({ name }: KnownHost, lab: Lab): Line {
  const { power } = lab.placeOf(name);
  const ups = lab.resources("ups").find((each) => each.name === power || (!power && each.host === name));
  if (!ups) return power === undefined ? [] : line(span(power));
  return ups.health === "ok"
    ? line(span(ups.name))
    : line(sign(ups.health), span(` ${ups.name}`, tokenOf(ups.health)));
}

const fleetBy = (id: string, title: string, groupOf?: (host: KnownHost, lab: Lab) => string): List =>
  defineList<KnownHost>({
    id,
    title,
    rows: ({ homelab }) => homelab.hosts,
    toRow: (host) => ({
      key: host.name,
      ref: { kind: "host", id: host.name },
      kind: "host",
      host: host.name,
      name: host.name,
      health: host.state === "unknown" && host.problems.length === 0 ? "unasked" : shownState(host),
      reason: host.problems.map(({ message }) => message).join("; "),
      seen: seenOfHost(host),
    }),
    columns,
    empty: "No host in this inventory.",
    problems: problemsBy(id, groupOf),
    ...(groupOf ? { groupOf } : {}),
  });

export const fleet: readonly List[] = [
  fleetBy("fleet.zones", "by zone", ({ name }, lab) => lab.placeOf(name).zone ?? "no zone"),
  fleetBy("fleet.groups", "by group", ({ name }, lab) => lab.placeOf(name).groups[0] ?? "no group"),
  fleetBy("fleet.all", "all"),
];
