import type { Known } from "../../model/resources.ts";
import { line, span } from "../line.ts";
import type { Lab } from "../view/lab.ts";
import { nameOf, seenColumn, stateColumn, toRow } from "./cells.ts";
import { defineList, type List } from "./list.ts";

type Workload = Known<"unit" | "container" | "pod" | "project">;

const workloadsOf = (lab: Lab): readonly Workload[] => [
  ...lab.resources("project"),
  ...lab.resources("pod"),
  ...lab.resources("container"),
  // The distribution's own are of interest when they fail.
  ...lab.resources("unit").filter(({ background, health }) => !background || health !== "ok"),
];

function runningAs(workload: Workload): string {
  switch (workload.kind) {
    case "unit":
      return `${workload.details.active}/${workload.details.sub}`;
    case "container":
    case "pod":
    case "project":
      return workload.details.state;
    default:
      return workload satisfies never;
  }
}

/** The pod, project or unit that it belongs to. */
function ownerOf(workload: Workload): string {
  if (workload.kind === "pod") return workload.details.unit ?? "";
  if (workload.kind !== "container") return "";
  const { pod, project, unit } = workload.details;
  return pod ?? project ?? unit ?? "";
}

const restartsOf = (workload: Workload) =>
  "restarts" in workload.details ? workload.details.restarts : undefined;

const list = (id: string, title: string, groupOf?: (workload: Workload, lab: Lab) => string): List =>
  defineList<Workload>({
    id,
    title,
    rows: workloadsOf,
    toRow,
    empty: "No unit, container or pod was seen.",
    ...(groupOf ? { groupOf } : {}),
    columns: [
      { title: "NAME", cell: nameOf, rank: 0 },
      stateColumn(runningAs),
      { title: "HOST", cell: ({ host }) => host, rank: 1 },
      { title: "KIND", cell: ({ kind }) => kind, rank: 2 },
      { title: "ENGINE", cell: ({ backend }) => backend, rank: 6 },
      { title: "IN", cell: ownerOf, rank: 4 },
      {
        title: "RESTARTS",
        cell: (item) => (restartsOf(item) ? line(span(`${restartsOf(item)}`, "warning")) : ""),
        by: restartsOf,
        align: "right",
        rank: 5,
      },
      { title: "IMAGE", cell: (item) => (item.kind === "container" ? item.details.image : ""), rank: 7 },
      seenColumn,
    ],
  });

export const workloads: readonly List[] = [
  list("workloads.all", "all"),
  list("workloads.hosts", "by host", ({ host }) => host),
  list("workloads.pods", "by pod", (item) => {
    const owner = item.kind === "pod" || item.kind === "project" ? nameOf(item) : ownerOf(item);
    return owner === "" ? "on their own" : `${item.host} ${owner}`;
  }),
];
