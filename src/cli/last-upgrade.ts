import type { OperationSummary } from "../journal/standing.ts";
import type { Plan } from "../plan/plan.ts";

/** The newest upgrade of a service that was done and not taken back since; `all` has the newest first. */
export function lastUpgrade(service: string, all: readonly OperationSummary[]): Plan | undefined {
  const takenBack = new Set<string>();
  for (const summary of all) {
    if (!("operation" in summary) || summary.operation.ended?.outcome !== "done") continue;
    const { plan } = summary.operation;
    if (!plan.services.includes(service)) continue;
    if (plan.operation === "rollback") takenBack.add(toPinned(plan));
    if (plan.operation === "upgrade" && !takenBack.has(toPinned(plan).split(" ").reverse().join(" ")))
      return plan;
  }
  return undefined;
}

/** `1.2 1.3`: from what to what. */
function toPinned({ steps }: Plan): string {
  const edit = steps.find((step) => step.kind === "edit");
  return edit?.kind === "edit"
    ? [edit.was, edit.becomes].map((text) => text.replaceAll('"', "")).join(" ")
    : "";
}
