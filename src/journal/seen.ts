import { existsSync } from "node:fs";
import { Refused } from "../errors.ts";
import { sha256 } from "../plan/digest.ts";
import { toPlanId } from "../plan/plan.ts";
import { claimDriver, type DriverClaim } from "./driver.ts";
import { createJournal, journalFile, openFolder, openJournal } from "./journal.ts";
import { readLast } from "./read-last.ts";
import type { Event, Outcome } from "./record.ts";

/** Something that a host did by itself, as it tells of it. */
export interface SeenRun {
  readonly id: string;
  readonly host: string;
  readonly service: string;
  /** What its host calls the job. */
  readonly job: string;
  /** snapshot, backup. */
  readonly operation: string;
  readonly title: string;
  /** RFC 3339, by the host's clock. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly exitCode: number;
  readonly message: string;
}

/**
 * Keeps what was not known yet: of each job and month one journal, of an operation that nobody here carried out, with an end for
 * each run. Those of a job: the newest first. Throws after all were tried.
 */
export function keepSeen(folder: string, runs: readonly SeenRun[]): void {
  const failures: unknown[] = [];
  for (const [id, these] of Map.groupBy(runs, toJournalId)) {
    try {
      keepMonth(folder, id, these);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

const monthOf = ({ startedAt }: SeenRun) => startedAt.slice(0, "2026-11".length);

const toJournalId = (run: SeenRun): string =>
  toPlanId(run.operation, run.service, new Date(monthOf(run)), sha256(`${run.host} ${run.job}`).slice(0, 8));

function keepMonth(folder: string, id: string, runs: readonly SeenRun[]): void {
  const [newest] = runs;
  if (!newest) return;
  const file = journalFile(folder, id);
  const last = readLast(file);
  if (last?.kind === "ended" && last.run?.id === newest.id) return;
  openFolder(folder);
  const claim = claimUnlessTaken(folder, id);
  if (!claim) return;
  try {
    const plan = toPlan(id, newest);
    const journal = existsSync(file) ? openJournal(folder, id) : createJournal(folder, id, plan);
    // Whoever made it may have died of that.
    if (journal.records().length === 0) journal.append(plan);
    const known = new Set(
      journal.records().map((record) => (record.kind === "ended" ? record.run?.id : undefined)),
    );
    const news = runs.filter((run) => !known.has(run.id)).toReversed();
    for (const [index, run] of news.entries())
      journal[index === news.length - 1 ? "append" : "note"](toEnd(run));
    journal.close();
  } finally {
    claim.release();
  }
}

/** Undefined while somebody else writes the same down. */
function claimUnlessTaken(folder: string, id: string): DriverClaim | undefined {
  try {
    return claimDriver(folder, id);
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

const toPlan = (id: string, run: SeenRun): Event => ({
  kind: "plan",
  plan: {
    format: 1,
    id,
    operation: run.operation,
    title: `${run.title}, ${monthOf(run)}`,
    madeAt: run.startedAt,
    services: [run.service],
    hosts: [run.host],
    basis: [],
    onFailure: "walk-back",
    steps: [],
    notes: [],
  },
  by: { user: "schedule", machine: run.host },
});

const toEnd = ({ id, host, startedAt, endedAt, exitCode, message }: SeenRun): Event => ({
  kind: "ended",
  outcome: outcomeOf(exitCode),
  message: `${message}\n${id}: ${toSecond(startedAt)} to ${toSecond(endedAt)}, by the clock of ${host}`,
  run: { id, startedAt, endedAt },
});

const toSecond = (iso: string) => iso.replace(/\.\d+Z$/, "Z");

/** 75: others held the host. */
const outcomeOf = (exitCode: number): Outcome =>
  exitCode === 0 ? "done" : exitCode === 75 ? "refused" : "walked-back";
