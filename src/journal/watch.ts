import { statSync } from "node:fs";
import { setImmediate as breathe } from "node:timers/promises";
import { readDriver } from "./driver.ts";
import { journalFile, listJournals } from "./journal.ts";
import { byBeginning, isUnfinished, type OperationSummary, standingOf, summarise } from "./standing.ts";

/** All operations of this machine, kept up to date, whoever carries them out. Changes nothing. */
export interface JournalWatch {
  /** The newest first; the same array while nothing changed. */
  readonly operations: () => readonly OperationSummary[];
  readonly subscribe: (listener: () => void) => () => void;
  /** Looks now instead of in a moment. */
  readonly look: () => void;
  readonly stop: () => void;
}

// While something runs, people look on.
const everyMs = { running: 150, idle: 1_000 };
/** Of those that ended well, older ones are left to `scrap journal`. */
const mostPast = 200;

export function watchJournals(folder: string): JournalWatch {
  const known = new Map<string, OperationSummary>();
  const stamps = new Map<string, string>();
  const listeners = new Set<() => void>();
  let all: readonly OperationSummary[] = [];
  let folderStamp = "";
  let isLooking = false;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;

  /** True when something of it is another now. */
  const read = (id: string): boolean => {
    const stamp = `${stampOf(journalFile(folder, id))} ${readDriver(folder, id)?.pid}`;
    if (stamps.get(id) === stamp) return false;
    stamps.set(id, stamp);
    const summary = summarise(folder, id);
    if (summary) known.set(id, summary);
    return summary !== undefined;
  };

  const look = async () => {
    if (isLooking || isOver) return;
    isLooking = true;
    clearTimeout(timer);
    // A new journal or another driver is a new name in the folder; else only those that go on can have changed.
    const stamp = stampOf(folder);
    const isMoved = stamp !== folderStamp;
    folderStamp = stamp;
    const ids = isMoved ? listJournals(folder) : all.filter(isOpen).map(({ id }) => id);
    let isChanged = false;
    for (const [index, id] of ids.entries()) {
      if (read(id)) isChanged = true;
      const summary = known.get(id);
      if (index >= mostPast && summary && !isOpen(summary)) known.delete(id);
      // Many journals are much to read, and keys are waiting.
      if (index % 20 === 19) await breathe();
    }
    isLooking = false;
    if (isOver) return;
    if (isChanged) {
      all = [...known.values()].toSorted(byBeginning);
      for (const listener of listeners) listener();
    }
    const isBusy = all.some((each) => standingOf(each, Date.now()) === "running");
    timer = setTimeout(look, isBusy ? everyMs.running : everyMs.idle);
    timer.unref();
  };

  void look();
  return {
    operations: () => all,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    look: () => void look(),
    stop: () => {
      isOver = true;
      clearTimeout(timer);
    },
  };
}

function isOpen(summary: OperationSummary): boolean {
  const standing = standingOf(summary, Date.now());
  return summary.isDriven || standing === "running" || isUnfinished(standing);
}

function stampOf(path: string): string {
  const { mtimeMs, size } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: 0, size: 0 };
  return `${mtimeMs} ${size}`;
}
