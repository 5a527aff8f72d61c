import type { Health, ResourceKind } from "../backends/resource.ts";
import type { KnownHost } from "../model/homelab.ts";
import type { Known } from "../model/resources.ts";
import type { KnownService } from "../model/services.ts";
import { toAge, toDuration } from "../words.ts";
import { columnsOf } from "./columns-of-kinds.ts";
import { toLeft, toSnapshotAge, toVerdict } from "./copies-words.ts";
import type { Style } from "./style.ts";
import type { Column } from "./table.ts";

export const hostColumns = (style: Style, now: Date): readonly Column<KnownHost>[] => [
  { title: "NAME", cell: ({ name }) => name, essential: true },
  {
    title: "STATE",
    cell: ({ state }) => `${style.sign(state)} ${style.paint(state, state)}`,
    essential: true,
  },
  { title: "WORST", cell: ({ problems }) => problems[0]?.message ?? "", flexible: true },
  { title: "ADDRESS", cell: ({ address }) => address ?? "" },
  { title: "OS", cell: ({ facts }) => facts.os ?? "" },
  { title: "LOAD", cell: ({ facts }) => facts.load?.[0].toFixed(2) ?? "", align: "right" },
  { title: "UP", cell: ({ facts }) => (facts.uptimeMs === undefined ? "" : toDuration(facts.uptimeMs)) },
  { title: "PROBLEMS", cell: ({ problems }) => `${problems.length}`, align: "right" },
  { title: "SEEN", cell: ({ seenAt }) => toAge(seenAt, now) },
];

export const serviceColumns = (style: Style, now: Date): readonly Column<KnownService>[] => [
  { title: "NAME", cell: ({ service }) => service.name, essential: true },
  { title: "HEALTH", cell: healthCell(style), essential: true },
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
  { title: "BACKUP", cell: ({ copies }) => toVerdict(copies, "backup", style) },
  {
    title: "SNAPSHOT",
    cell: ({ copies }) => toVerdict(copies, "snapshot", style) || toSnapshotAge(copies.snapshot, now),
  },
  { title: "BUDGET", cell: ({ budget }) => (budget ? toLeft(budget, style) : "") },
  { title: "SLA", cell: ({ service }) => service.sla?.name ?? "" },
];

/** What every list of resources begins and ends with; the kind's own columns stand between. */
export function resourceColumns(kind: ResourceKind, style: Style, now: Date): readonly Column<Known>[] {
  // Rows of one list are of one kind, so that its columns fit them.
  const own = columnsOf[kind](now) as readonly Column<Known>[];
  return [
    { title: "HOST", cell: ({ host }) => host },
    { title: "NAME", cell: ({ user, name }) => (user ? `${user}/${name}` : name), essential: true },
    { title: "HEALTH", cell: healthCell(style), essential: true },
    { title: "REASON", cell: ({ reason }) => reason ?? "", flexible: true },
    ...own,
  ];
}

const healthCell =
  (style: Style) =>
  ({ health }: { readonly health: Health }) =>
    `${style.sign(health)} ${style.paint(health, health)}`;
