import { isUnfinished, type OperationSummary, sayStanding, standingOf } from "../../journal/standing.ts";
import { toAge, toDuration } from "../../words.ts";
import { healthOf, tookOf } from "../details/operation.ts";
import { line, span } from "../line.ts";
import { stateCell } from "./cells.ts";
import { defineList, type List } from "./list.ts";

const standing = (summary: OperationSummary) => standingOf(summary, Date.now());

/** The step that it is at, or the first line of how it ended. */
function sayWhere(summary: OperationSummary): string {
  if ("broken" in summary) return summary.broken;
  const { plan, steps, ended } = summary.operation;
  if (ended) return ended.outcome === "done" ? "" : (ended.message.split("\n")[0] ?? "");
  const at = plan.steps.findIndex(({ id }) => steps.get(id)?.word !== "done");
  const step = plan.steps[at];
  return step ? `${at + 1}/${plan.steps.length} ${step.title}` : "";
}

function stateOf(summary: OperationSummary) {
  const now = standing(summary);
  const where = sayWhere(summary);
  if (now === "running") return line(span(`→ ${where === "" ? sayStanding(now) : where}`, "accent"));
  return stateCell(healthOf(now), where === "" ? sayStanding(now) : `${sayStanding(now)}: ${where}`);
}

const groups = ["under way", "to be looked at", "over"] as const;

const groupOf = (summary: OperationSummary): (typeof groups)[number] => {
  const now = standing(summary);
  if (now === "running") return "under way";
  return isUnfinished(now) ? "to be looked at" : "over";
};

const operationOf = (summary: OperationSummary) => ("broken" in summary ? undefined : summary.operation);

const startedAt = (summary: OperationSummary) => {
  const operation = operationOf(summary);
  return operation && new Date(operation.startedAt);
};

/** What is changed just now, what was left half done, and what was changed before. */
export const activity: readonly List[] = [
  defineList<OperationSummary>({
    id: "activity.operations",
    title: "operations",
    rows: ({ operations }) =>
      operations.toSorted((a, b) => groups.indexOf(groupOf(a)) - groups.indexOf(groupOf(b))),
    toRow: (summary) => ({
      key: summary.id,
      ref: { kind: "operation", id: summary.id },
      kind: "operation",
      host: operationOf(summary)?.plan.hosts.join(" ") ?? "",
      name: operationOf(summary)?.plan.title ?? summary.id,
      health: healthOf(standing(summary)),
      reason: sayWhere(summary),
    }),
    groupOf,
    columns: [
      { title: "OPERATION", cell: (summary) => operationOf(summary)?.plan.title ?? summary.id, rank: 0 },
      { title: "STATE", cell: stateOf, flexible: true, rank: 0, by: (summary) => standing(summary) },
      { title: "BY", cell: (summary) => operationOf(summary)?.by.user ?? "", rank: 3 },
      {
        title: "BEGUN",
        cell: (summary) => toAge(startedAt(summary), new Date()),
        by: (summary) => startedAt(summary)?.getTime(),
        align: "right",
        rank: 1,
      },
      {
        title: "TOOK",
        cell: (summary) => {
          const operation = operationOf(summary);
          return operation?.ended ? toDuration(tookOf(operation, Date.now())) : "";
        },
        align: "right",
        rank: 2,
      },
    ],
    empty: "Nothing was changed from this machine so far.",
  }),
];
