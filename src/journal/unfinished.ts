import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { readDriver } from "./driver.ts";
import { journalFile, listJournals, readJournal } from "./journal.ts";
import { toOperation } from "./operation.ts";
import type { JournalRecord } from "./record.ts";

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
export function listUnfinished(folder: string, inventory: string | undefined): readonly Unfinished[] {
  return listJournals(folder).flatMap((id) => {
    const last = readLast(journalFile(folder, id));
    if (last?.kind === "ended" && last.outcome !== "in-doubt") return [];
    if (readDriver(folder, id) !== undefined) return [];
    return describe(folder, id, inventory);
  });
}

function describe(folder: string, id: string, inventory: string | undefined): readonly Unfinished[] {
  try {
    const { records } = readJournal(folder, id);
    const operation = toOperation(records);
    // A journal without a plan is one of a start that failed: nothing was begun.
    if (!operation || operation.by.inventory !== inventory) return [];
    const { plan, ended } = operation;
    const lastStep = records.findLast((record) => record.kind === "intent");
    const step = plan.steps.find((each) => each.id === lastStep?.step)?.title ?? lastStep?.step;
    const at = new Date(records.at(-1)?.at ?? operation.startedAt);
    const about = { id, title: plan.title, hosts: plan.hosts, at };
    if (ended) return [{ ...about, word: "in-doubt", message: ended.message }];
    const where = step === undefined ? "before its first step" : `at “${step}”`;
    return [{ ...about, word: "cut-off", message: `cut off ${where}: nobody carries it out` }];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [{ id, title: id, hosts: [], word: "broken", message }];
  }
}

const tailBytes = 16 * 1024;

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
