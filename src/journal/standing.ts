import { isAbout } from "../plan/plan.ts";
import { readDriver } from "./driver.ts";
import { readJournal } from "./journal.ts";
import { type Operation, toOperation } from "./operation.ts";
import type { Outcome } from "./record.ts";

/** An operation as it is found among all others. */
export type OperationSummary = { readonly id: string; readonly isDriven: boolean } & (
  | { readonly operation: Operation }
  /** Why its journal cannot be read. */
  | { readonly broken: string }
);

/** Where an operation stands. `cut-off`: it has not ended, and nobody carries it out. */
export type Standing = Outcome | "running" | "cut-off" | "broken";

/** Who was just started has not claimed it yet. */
const startingMs = 10_000;

export function standingOf(summary: OperationSummary, nowMs: number): Standing {
  if ("broken" in summary) return "broken";
  const { ended, startedAt, steps } = summary.operation;
  if (ended) return ended.outcome;
  const isStarting = steps.size === 0 && nowMs - Date.parse(startedAt) < startingMs;
  return summary.isDriven || isStarting ? "running" : "cut-off";
}

const words: Record<Standing, string> = {
  running: "running",
  done: "done",
  unchanged: "failed",
  refused: "refused",
  "walked-back": "failed",
  stopped: "stopped",
  failed: "failed",
  "cut-off": "cut off",
  "in-doubt": "in doubt",
  broken: "unreadable",
};

const severities = {
  running: "ok",
  done: "ok",
  unchanged: "warning",
  refused: "warning",
  "walked-back": "warning",
  stopped: "warning",
  failed: "failed",
  "cut-off": "failed",
  "in-doubt": "failed",
  broken: "failed",
} as const satisfies Record<Standing, string>;

/** How bad that is. */
export const severityOf = (standing: Standing): "ok" | "warning" | "failed" => severities[standing];

/** In a word or two. */
export const sayStanding = (standing: Standing): string => words[standing];

const unfinished: readonly Standing[] = ["cut-off", "in-doubt", "stopped", "broken"];

/** Somebody has to look at it: it may have changed something, and can be resumed. */
export const isUnfinished = (standing: Standing): boolean => unfinished.includes(standing);

const placing = ["deploy", "upgrade", "rollback"];

/**
 * Of one that was stopped half way: was the same done since, among these ids? Then nothing of it is left to do. What puts
 * a service in place does so for all that do.
 */
export function isOvertaken(
  { plan: { id, operation, services } }: Operation,
  done: readonly string[],
): boolean {
  const same = placing.includes(operation) ? placing : [operation];
  return services.some((service) =>
    done.some((other) => minuteOf(other) > minuteOf(id) && isAbout(other, same, service)),
  );
}

/** The newest first; before them those that cannot be read. */
export const byBeginning = (a: OperationSummary, b: OperationSummary): number =>
  begunOf(b).localeCompare(begunOf(a)) || b.id.localeCompare(a.id);

const begunOf = (summary: OperationSummary) =>
  "operation" in summary ? summary.operation.startedAt : "unknown";

/** Those that somebody has to look at: what was stopped and done since is none of them. */
export function unfinishedAmong(
  summaries: readonly OperationSummary[],
  nowMs: number,
): readonly { readonly summary: OperationSummary; readonly standing: Standing }[] {
  const all = summaries.map((summary) => ({ summary, standing: standingOf(summary, nowMs) }));
  const done = all.flatMap(({ summary: { id }, standing }) => (standing === "done" ? [id] : []));
  return all.filter(
    ({ summary, standing }) =>
      isUnfinished(standing) &&
      !(standing === "stopped" && "operation" in summary && isOvertaken(summary.operation, done)),
  );
}

const minuteOf = (id: string) => id.slice(0, "20261121-1412".length);

/** Reads where an operation stands. Undefined for a journal that has no plan yet. */
export function summarise(folder: string, id: string): OperationSummary | undefined {
  try {
    const operation = toOperation(readJournal(folder, id).records);
    return operation && { id, operation, isDriven: readDriver(folder, id) !== undefined };
  } catch (error) {
    return { id, broken: error instanceof Error ? error.message : String(error), isDriven: false };
  }
}
