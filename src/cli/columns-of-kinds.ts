import type { ResourceKind } from "../backends/resource.ts";
import { type Known, usedRatio } from "../model/resources.ts";
import { toAge, toDue, toDuration, toPercent, toSize } from "../words.ts";
import type { Column } from "./table.ts";

type Columns<Kind extends ResourceKind> = (now: Date) => readonly Column<Known<Kind>>[];

/** What a list tells of a kind beside host, name and health. */
export const columnsOf: { readonly [Kind in ResourceKind]: Columns<Kind> } = {
  host: () => [],
  unit: () => [
    { title: "STATE", cell: ({ details }) => `${details.active}/${details.sub}` },
    { title: "RESTARTS", cell: ({ details }) => `${details.restarts ?? ""}`, align: "right" },
    { title: "DESCRIPTION", cell: ({ details }) => details.description.slice(0, 40) },
  ],
  timer: (now) => [
    {
      title: "NEXT",
      cell: ({ details }) => (details.next ? toDue(new Date(details.next), now) : "-"),
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
      cell: ({ details }) => toPercent(usedRatio(details)),
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
