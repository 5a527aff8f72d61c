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

/** Reads where an operation stands. Undefined for a journal that has no plan yet. */
export function summarise(folder: string, id: string): OperationSummary | undefined {
  try {
    const operation = toOperation(readJournal(folder, id).records);
    return operation && { id, operation, isDriven: readDriver(folder, id) !== undefined };
  } catch (error) {
    return { id, broken: error instanceof Error ? error.message : String(error), isDriven: false };
  }
}
