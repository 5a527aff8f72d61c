import { createJournal } from "./journal.ts";
import type { Outcome } from "./record.ts";

/** Something that a host did by itself, as it tells of it. */
export interface SeenRun {
  /** Of the same form as the id of a plan. */
  readonly id: string;
  readonly host: string;
  readonly service: string;
  /** snapshot, backup. */
  readonly operation: string;
  readonly title: string;
  /** RFC 3339, by the host's clock. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly exitCode: number;
  readonly message: string;
}

/** Keeps it as a journal of its own: an operation that nobody here carried out. There must be none of that id. */
export function writeSeen(folder: string, run: SeenRun): void {
  const { id, host, service, operation, title, startedAt, endedAt, exitCode, message } = run;
  const journal = createJournal(folder, id, {
    kind: "plan",
    plan: {
      format: 1,
      id,
      operation,
      title,
      madeAt: startedAt,
      services: [service],
      hosts: [host],
      basis: [],
      onFailure: "walk-back",
      steps: [],
      notes: [],
    },
    by: { user: "schedule", machine: host },
  });
  journal.append({
    kind: "ended",
    outcome: outcomeOf(exitCode),
    message: `${title}: ${message}\n${host} did it from ${startedAt} to ${endedAt}, by its own clock. It was only seen from here.`,
  });
  journal.close();
}

/** 75: others held the host. */
const outcomeOf = (exitCode: number): Outcome =>
  exitCode === 0 ? "done" : exitCode === 75 ? "refused" : "walked-back";
