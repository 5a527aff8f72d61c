import { type Known, usedRatio } from "../../model/resources.ts";
import { toPercent, toSize } from "../../words.ts";
import { line, span } from "../line.ts";
import type { Lab } from "../view/lab.ts";
import { nameOf, progressCell, ratioOf, seenColumn, stateColumn, toRow } from "./cells.ts";
import { defineList, type List } from "./list.ts";

/** What would be hurt: the declared services that stand on it. */
function services(item: Known, lab: Lab): string {
  const names = lab.servicesAbove(item).map(({ service }) => service.name);
  const rest = names.length - mostNames;
  return rest > 0 ? `${names.slice(0, mostNames).join(" ")} +${rest}` : names.join(" ");
}

/** The pane tells all of them. */
const mostNames = 2;

/** The arrays and pools that a disk is in. */
const holders = (item: Known, lab: Lab) =>
  [
    ...new Set(
      lab
        .joinOn(item.host)
        .allAbove(item)
        .flatMap(({ kind, name }) => (kind === "array" || kind === "pool" ? name : [])),
    ),
  ].join(" ");

const disks = defineList<Known<"disk">>({
  id: "storage.disks",
  title: "disks",
  rows: (lab) => lab.resources("disk"),
  toRow,
  empty: "No disk was seen.",
  columns: [
    { title: "DISK", cell: nameOf, rank: 0 },
    { title: "HOST", cell: ({ host }) => host, rank: 1 },
    stateColumn(smartWords),
    { title: "MODEL", cell: ({ details }) => details.model ?? "", rank: 4 },
    { title: "SERIAL", cell: ({ details }) => details.serial ?? "", rank: 6 },
    {
      title: "SIZE",
      cell: ({ details }, { units }) => toSize(details.sizeBytes, units),
      by: ({ details }) => details.sizeBytes,
      align: "right",
      rank: 3,
    },
    {
      title: "TEMP",
      cell: ({ details: { temperatureCelsius } }) =>
        temperatureCelsius === undefined ? "" : `${temperatureCelsius} °C`,
      by: ({ details }) => details.temperatureCelsius,
      align: "right",
      rank: 4,
    },
    {
      title: "AGE",
      cell: ({ details: { powerOnHours } }) =>
        powerOnHours === undefined ? "" : `${(powerOnHours / 8766).toFixed(1)} y`,
      by: ({ details }) => details.powerOnHours,
      align: "right",
      rank: 5,
    },
    {
      title: "WORN",
      cell: ({ details: { wearRatio } }) =>
        wearRatio === undefined
          ? ""
          : line(span(toPercent(wearRatio), wearRatio > 0.8 ? "warning" : undefined)),
      by: ({ details }) => details.wearRatio,
      align: "right",
      rank: 5,
    },
    { title: "IN", cell: holders, rank: 2 },
    { title: "SERVICES", cell: services, rank: 2 },
    seenColumn,
  ],
});

function smartWords({ details }: Known<"disk">): string {
  if (details.smart === "passed") return "SMART passed";
  return details.smart === "asleep" ? "asleep" : "ok";
}

const pools = defineList<Known<"array" | "pool">>({
  id: "storage.pools",
  title: "arrays and pools",
  rows: (lab) => [...lab.resources("array"), ...lab.resources("pool")],
  toRow,
  empty: "No array or pool was seen.",
  columns: [
    { title: "NAME", cell: nameOf, rank: 0 },
    { title: "HOST", cell: ({ host }) => host, rank: 1 },
    stateColumn(({ details }: Known<"array" | "pool">) => details.state),
    {
      title: "TYPE",
      cell: (item) => (item.kind === "array" ? item.details.level : item.details.type),
      rank: 3,
    },
    { title: "PROGRESS", cell: ({ details }) => progressCell(details.progress), rank: 1 },
    {
      title: "DISKS",
      cell: (item) =>
        item.kind === "array"
          ? `${item.details.disksActive ?? "?"}/${item.details.disksWanted ?? "?"}`
          : `${item.details.devices.length}`,
      align: "right",
      rank: 4,
    },
    {
      title: "SIZE",
      cell: ({ details }, { units }) => toSize(details.sizeBytes, units),
      by: ({ details }) => details.sizeBytes,
      align: "right",
      rank: 3,
    },
    {
      title: "USED",
      cell: (item) =>
        item.kind === "pool" ? toPercent(ratioOf(item.details.usedBytes, item.details.sizeBytes)) : "",
      align: "right",
      rank: 3,
    },
    { title: "SERVICES", cell: services, rank: 2 },
    seenColumn,
  ],
});

const filesystems = defineList<Known<"filesystem">>({
  id: "storage.filesystems",
  title: "file systems",
  rows: (lab) => lab.resources("filesystem"),
  toRow,
  empty: "No file system was seen.",
  columns: [
    { title: "MOUNTED ON", cell: nameOf, rank: 0 },
    { title: "HOST", cell: ({ host }) => host, rank: 1 },
    stateColumn(({ details }: Known<"filesystem">) => (details.readOnly ? "read-only" : "ok")),
    { title: "TYPE", cell: ({ details }) => details.type, rank: 4 },
    {
      title: "SIZE",
      cell: ({ details }, { units }) => toSize(details.sizeBytes, units),
      by: ({ details }) => details.sizeBytes,
      align: "right",
      rank: 3,
    },
    {
      title: "USED",
      cell: (item) => toPercent(usedOf(item)),
      by: usedOf,
      align: "right",
      rank: 1,
    },
    {
      title: "FREE",
      cell: ({ details }, { units }) => toSize(details.availableBytes, units),
      by: ({ details }) => details.availableBytes,
      align: "right",
      rank: 3,
    },
    {
      title: "INODES",
      cell: ({ details }) => toPercent(ratioOf(details.inodesUsed, details.inodes)),
      align: "right",
      rank: 5,
    },
    { title: "SOURCE", cell: ({ details }) => details.source, rank: 6 },
    { title: "SERVICES", cell: services, rank: 2 },
    seenColumn,
  ],
});

function usedOf({ details }: Known<"filesystem">): number | undefined {
  return usedRatio(details);
}

export const storage: readonly List[] = [disks, pools, filesystems];
