import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { journalFile, listJournals } from "./journal.ts";
import { allSteps, type Operation } from "./operation.ts";
import type { JournalRecord } from "./record.ts";
import { standingOf, summarise } from "./standing.ts";

/** An operation that needs somebody. */
export interface Unfinished {
  readonly id: string;
  readonly title: string;
  readonly hosts: readonly string[];
  /** Nobody carries it out any more; or nobody knows what became of a step; or its journal cannot be read. */
  readonly word: "cut-off" | "in-doubt" | "broken";
  /** The last thing that is known of it. */
  readonly message: string;
  readonly at?: Date;
}

/** Those of hosts of that inventory, the newest first. Of those that have ended well only the last line is read. */
export function listUnfinished(
  folder: string,
  inventory: string | undefined,
  nowMs: number,
): readonly Unfinished[] {
  return listJournals(folder).flatMap((id) => {
    const last = readLast(journalFile(folder, id));
    if (last?.kind === "ended" && last.outcome !== "in-doubt") return [];
    const summary = summarise(folder, id);
    // A journal without a plan is one of a start that failed: nothing was begun.
    if (!summary) return [];
    if ("broken" in summary) return { id, title: id, hosts: [], word: "broken", message: summary.broken };
    const word = standingOf(summary, nowMs);
    const isOurs = summary.operation.by.inventory === inventory;
    return isOurs && (word === "cut-off" || word === "in-doubt") ? describe(id, word, summary.operation) : [];
  });
}

function describe(id: string, word: "cut-off" | "in-doubt", operation: Operation): Unfinished {
  const { plan, ended, steps, startedAt } = operation;
  const [step, state] = [...steps].at(-1) ?? [];
  const title = allSteps(plan).find((each) => each.id === step)?.title;
  const where = title === undefined ? "before its first step" : `at “${title}”`;
  return {
    id,
    title: plan.title,
    hosts: plan.hosts,
    word,
    message: ended?.message ?? `cut off ${where}: nobody carries it out`,
    at: new Date(ended?.at ?? state?.at ?? startedAt),
  };
}

const tailBytes = 4 * 1024;

/** The last line, unless it is torn or very long. */
function readLast(file: string): JournalRecord | undefined {
  let fd: number;
  try {
    fd = openSync(file, "r");
  } catch {
    return undefined;
  }
  try {
    const { size } = fstatSync(fd);
    const tail = Buffer.alloc(Math.min(size, tailBytes));
    readSync(fd, tail, 0, tail.length, size - tail.length);
    const lines = tail.toString().split("\n");
    return lines.pop() === "" ? JSON.parse(lines.at(-1) ?? "") : undefined;
  } catch {
    return undefined;
  } finally {
    closeSync(fd);
  }
}
