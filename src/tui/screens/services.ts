import type { Known } from "../../model/resources.ts";
import type { KnownService } from "../../model/services.ts";
import { toDuration } from "../../words.ts";
import { line, span } from "../line.ts";
import type { Lab } from "../view/lab.ts";
import { countCell, nameOf, stateCell, toRow } from "./cells.ts";
import { backupCell, budgetCell, byBudget, bySnapshot, snapshotCell } from "./copies-cells.ts";
import { ageCell, mostLate, type Seen, seenOfHost } from "./freshness.ts";
import { inShort } from "./in-short.ts";
import { defineList, type List, type Row } from "./list.ts";

type Item = KnownService | Known;

const isDeclared = (item: Item): item is KnownService => "service" in item;

const healthOf = (item: Item) => (isDeclared(item) && item.seenAt === undefined ? "unasked" : item.health);

/** A service is as old as the oldest of what it is made of; without a part, as what its host told. */
export function seenOf(item: Item, lab: Lab): Seen {
  if (!isDeclared(item)) return item;
  const host = lab.host(item.host);
  return mostLate(item.parts, lab) ?? (host ? seenOfHost(host) : item);
}

function rowOf(item: Item, lab: Lab): Omit<Row, "item"> {
  if (!isDeclared(item)) return toRow(item);
  return {
    key: `service ${item.service.name}`,
    ref: { kind: "service", id: item.service.name },
    kind: "service",
    host: item.host,
    name: item.service.name,
    health: healthOf(item),
    seen: seenOf(item, lab),
    ...(item.reason === undefined ? {} : { reason: item.reason }),
  };
}

/** What runs and nobody declared. Its parts go with it. */
export function undeclared(lab: Lab): readonly Known[] {
  const kinds = ["project", "pod", "container", "unit"] as const;
  const inside = ({ details }: Known<"container">) =>
    details.project !== undefined || details.pod !== undefined || details.unit !== undefined;
  return kinds.flatMap((kind) =>
    lab
      .resources(kind)
      .filter(
        (each) => !each.background && !lab.serviceOf(each.id) && !(each.kind === "container" && inside(each)),
      ),
  );
}

function versionOf(item: Item): string {
  const container = isDeclared(item)
    ? item.parts.find((part): part is Known<"container"> => part.kind === "container")
    : item.kind === "container"
      ? item
      : undefined;
  const image = container?.details.image ?? (isDeclared(item) ? item.service.version?.image : undefined);
  const tag = image === undefined ? undefined : /:([^:/@]+)$/.exec(image.replace(/@.*$/, ""))?.[1];
  return tag ?? (isDeclared(item) ? (item.service.version?.pin ?? "") : "");
}

const list = (id: string, title: string, rows: (lab: Lab) => readonly Item[], empty: string): List =>
  defineList<Item>({
    id,
    title,
    rows,
    toRow: rowOf,
    empty,
    columns: [
      { title: "SERVICE", cell: (item) => (isDeclared(item) ? item.service.name : nameOf(item)), rank: 0 },
      {
        title: "STATE",
        cell: (item) => stateCell(healthOf(item), inShort(item.reason ?? healthOf(item))),
        by: (item) => (item.health === "ok" ? 1 : 0),
        flexible: true,
        rank: 0,
      },
      {
        title: "RUNS ON",
        cell: (item) => {
          if (!isDeclared(item)) return item.host;
          return item.runsOn.length === 0 ? line(span("nowhere", "muted")) : item.runsOn.join(" ");
        },
        rank: 1,
      },
      { title: "HOME", cell: (item) => (isDeclared(item) ? item.service.home : ""), rank: 3 },
      {
        title: "AS",
        cell: (item) => (isDeclared(item) ? item.service.runs.kind : item.kind),
        rank: 4,
      },
      { title: "VERSION", cell: versionOf, rank: 5 },
      {
        title: "CHECKS",
        cell: (item) =>
          isDeclared(item)
            ? countCell(
                item.checks.filter(({ passed }) => passed).length,
                item.checks.length,
                item.checks.filter(({ passed }) => passed === undefined).length,
              )
            : "",
        align: "right",
        rank: 2,
      },
      {
        title: "BUDGET",
        cell: (item) => (isDeclared(item) ? budgetCell(item.budget) : ""),
        by: (item) => (isDeclared(item) ? byBudget(item) : undefined),
        rank: 4,
      },
      {
        title: "SNAPSHOT",
        cell: (item) => (isDeclared(item) ? snapshotCell(item) : ""),
        by: (item) => (isDeclared(item) ? bySnapshot(item) : undefined),
        rank: 3,
      },
      {
        title: "BACKUP",
        cell: (item) => (isDeclared(item) ? backupCell(item) : ""),
        rank: 3,
      },
      { title: "SLA", cell: (item) => (isDeclared(item) ? (item.service.sla?.name ?? "") : ""), rank: 6 },
      {
        title: "RPO",
        cell: (item) =>
          isDeclared(item) && item.service.sla?.rpoMs !== undefined ? toDuration(item.service.sla.rpoMs) : "",
        align: "right",
        rank: 7,
      },
      {
        title: "SEEN",
        cell: (item, lab) => (item.seenAt ? ageCell(seenOf(item, lab), lab) : ""),
        rank: 1,
      },
    ],
  });

export const services: readonly List[] = [
  list("services.all", "all", (lab) => [...lab.homelab.services, ...undeclared(lab)], "Nothing runs."),
  list("services.declared", "declared", ({ homelab }) => homelab.services, "No service is declared."),
  list("services.undeclared", "undeclared", undeclared, "Everything that runs is declared."),
];
