import type { ResourceKind } from "../backends/contract.ts";
import type { KnownHost } from "../model/homelab.ts";
import type { Known } from "../model/resources.ts";
import type { KnownService } from "../model/services.ts";
import { toAge, toDuration, toPercent, toSize } from "../words.ts";
import type { Style } from "./style.ts";
import type { Column } from "./table.ts";

type Columns<Kind extends ResourceKind> = (now: Date) => readonly Column<Known<Kind>>[];

export const hostColumns = (style: Style, now: Date): readonly Column<KnownHost>[] => [
  { title: "NAME", cell: ({ name }) => name },
  { title: "STATE", cell: ({ state }) => `${style.sign(state)} ${style.paint(state, state)}` },
  { title: "WORST", cell: ({ problems }) => problems[0]?.message ?? "", flexible: true },
  { title: "ADDRESS", cell: ({ address }) => address ?? "" },
  { title: "OS", cell: ({ facts }) => facts.os ?? "" },
  { title: "LOAD", cell: ({ facts }) => facts.load?.[0].toFixed(2) ?? "", align: "right" },
  { title: "UP", cell: ({ facts }) => (facts.uptimeMs === undefined ? "" : toDuration(facts.uptimeMs)) },
  { title: "PROBLEMS", cell: ({ problems }) => `${problems.length}`, align: "right" },
  { title: "SEEN", cell: ({ seenAt }) => toAge(seenAt, now) },
];

export const serviceColumns = (style: Style): readonly Column<KnownService>[] => [
  { title: "NAME", cell: ({ service }) => service.name },
  { title: "HEALTH", cell: ({ health }) => `${style.sign(health)} ${style.paint(health, health)}` },
  { title: "REASON", cell: ({ reason }) => reason ?? "", flexible: true },
  { title: "RUNS ON", cell: ({ runsOn }) => runsOn.join(",") || "-" },
  { title: "HOME", cell: ({ service }) => service.home },
  {
    title: "AS",
    cell: ({ service: { runs } }) => `${runs.kind} ${runs.user ? `${runs.user}/` : ""}${runs.name}`,
  },
  {
    title: "CHECKS",
    cell: ({ checks }) =>
      checks.length === 0 ? "" : `${checks.filter(({ passed }) => passed).length}/${checks.length}`,
  },
  { title: "SLA", cell: ({ service }) => service.sla?.name ?? "" },
];

/** What every list of resources begins and ends with; the kind's own columns stand between. */
export function resourceColumns(kind: ResourceKind, style: Style, now: Date): readonly Column<Known>[] {
  // Rows of one list are of one kind, so that its columns fit them.
  const own = columnsOf[kind](now) as readonly Column<Known>[];
  return [
    { title: "HOST", cell: ({ host }) => host },
    { title: "NAME", cell: ({ user, name }) => (user ? `${user}/${name}` : name) },
    { title: "HEALTH", cell: ({ health }) => `${style.sign(health)} ${style.paint(health, health)}` },
    { title: "REASON", cell: ({ reason }) => reason ?? "", flexible: true },
    ...own,
  ];
}

const columnsOf: { readonly [Kind in ResourceKind]: Columns<Kind> } = {
  host: () => [],
  unit: () => [
    { title: "STATE", cell: ({ details }) => `${details.active}/${details.sub}` },
    { title: "RESTARTS", cell: ({ details }) => `${details.restarts ?? ""}`, align: "right" },
    { title: "DESCRIPTION", cell: ({ details }) => details.description.slice(0, 40) },
  ],
  timer: (now) => [
    {
      title: "NEXT",
      cell: ({ details }) =>
        details.next ? `in ${toDuration(Date.parse(details.next) - now.getTime())}` : "-",
    },
    { title: "LAST", cell: ({ details }) => (details.last ? toAge(new Date(details.last), now) : "-") },
    { title: "ACTIVATES", cell: ({ details }) => details.activates },
  ],
  container: () => [
    { title: "ENGINE", cell: ({ backend }) => backend },
    { title: "STATE", cell: ({ details }) => details.state },
    { title: "IMAGE", cell: ({ details }) => details.image },
    { title: "IN", cell: ({ details }) => details.project ?? details.pod ?? details.unit ?? "" },
    { title: "PORTS", cell: ({ details }) => details.ports.join(",") },
  ],
  pod: () => [
    { title: "STATE", cell: ({ details }) => details.state },
    { title: "CONTAINERS", cell: ({ details }) => `${details.containers.length}`, align: "right" },
    { title: "UNIT", cell: ({ details }) => details.unit ?? "" },
  ],
  project: () => [
    { title: "STATE", cell: ({ details }) => details.state },
    {
      title: "SERVICES",
      cell: ({ details }) =>
        details.services.map(({ name, running, total }) => `${name} ${running}/${total}`).join(", "),
    },
    {
      title: "DRIFT",
      cell: ({ details }) =>
        details.services.some(({ drifted }) => drifted === undefined)
          ? "?"
          : details.services
              .filter(({ drifted }) => drifted)
              .map(({ name }) => name)
              .join(",") || "none",
    },
  ],
  disk: () => [
    { title: "MODEL", cell: ({ details }) => details.model ?? "" },
    { title: "SERIAL", cell: ({ details }) => details.serial ?? "" },
    { title: "SIZE", cell: ({ details }) => toSize(details.sizeBytes), align: "right" },
    { title: "SMART", cell: ({ details }) => details.smart ?? "" },
    {
      title: "TEMP",
      cell: ({ details }) =>
        details.temperatureCelsius === undefined ? "" : `${details.temperatureCelsius} C`,
      align: "right",
    },
    { title: "WEAR", cell: ({ details }) => toPercent(details.wearRatio), align: "right" },
  ],
  array: () => [
    { title: "LEVEL", cell: ({ details }) => details.level },
    { title: "STATE", cell: ({ details }) => details.state },
    {
      title: "DISKS",
      cell: ({ details }) => `${details.disksActive ?? "?"}/${details.disksWanted ?? "?"}`,
      align: "right",
    },
    {
      title: "PROGRESS",
      cell: ({ details: { progress } }) => (progress ? `${progress.doing} ${toPercent(progress.ratio)}` : ""),
    },
  ],
  pool: () => [
    { title: "TYPE", cell: ({ details }) => details.type },
    { title: "STATE", cell: ({ details }) => details.state },
    { title: "SIZE", cell: ({ details }) => toSize(details.sizeBytes), align: "right" },
    { title: "USED", cell: ({ details }) => toSize(details.usedBytes), align: "right" },
    { title: "DEVICES", cell: ({ details }) => `${details.devices.length}`, align: "right" },
    {
      title: "PROGRESS",
      cell: ({ details: { progress } }) => (progress ? `${progress.doing} ${toPercent(progress.ratio)}` : ""),
    },
  ],
  filesystem: () => [
    { title: "TYPE", cell: ({ details }) => details.type },
    { title: "SIZE", cell: ({ details }) => toSize(details.sizeBytes), align: "right" },
    {
      title: "USED",
      cell: ({ details }) => toPercent(ratio(details.usedBytes, details.sizeBytes)),
      align: "right",
    },
    { title: "FREE", cell: ({ details }) => toSize(details.availableBytes), align: "right" },
    {
      title: "INODES",
      cell: ({ details }) => toPercent(ratio(details.inodesUsed, details.inodes)),
      align: "right",
    },
    { title: "SOURCE", cell: ({ details }) => details.source },
  ],
  ups: () => [
    { title: "STATUS", cell: ({ details }) => details.status.join(" ") },
    { title: "CHARGE", cell: ({ details }) => toPercent(details.chargeRatio), align: "right" },
    {
      title: "RUNTIME",
      cell: ({ details }) => (details.runtimeMs === undefined ? "" : toDuration(details.runtimeMs)),
      align: "right",
    },
    { title: "LOAD", cell: ({ details }) => toPercent(details.loadRatio), align: "right" },
    { title: "MODEL", cell: ({ details }) => details.model ?? "" },
  ],
};

const ratio = (part: number | undefined, whole: number | undefined) =>
  part === undefined || !whole ? undefined : part / whole;
