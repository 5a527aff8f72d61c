import { journalFile, listJournals } from "./journal.ts";
import { allSteps, type Operation } from "./operation.ts";
import { readLast } from "./read-last.ts";
import { isOvertaken, standingOf, summarise } from "./standing.ts";

/** An operation that needs somebody. */
export interface Unfinished {
  readonly id: string;
  readonly title: string;
  readonly hosts: readonly string[];
  /**
   * Nobody carries it out any more; or nobody knows what became of a step; or its journal cannot be read; or somebody
   * stopped it half way.
   */
  readonly word: "cut-off" | "in-doubt" | "broken" | "stopped";
  /** The last thing that is known of it. */
  readonly message: string;
  readonly at?: Date;
}

/**
 * Those of hosts of that inventory, the newest first, what was stopped last. Of those that have ended well only the last
 * line is read.
 */
export function listUnfinished(
  folder: string,
  inventory: string | undefined,
  nowMs: number,
): readonly Unfinished[] {
  const done: string[] = [];
  const found = listJournals(folder).flatMap((id): readonly Unfinished[] => {
    const last = readLast(journalFile(folder, id));
    if (last?.kind === "ended" && last.outcome === "done") done.push(id);
    if (last?.kind === "ended" && last.outcome !== "in-doubt" && last.outcome !== "stopped") return [];
    const summary = summarise(folder, id);
    // A journal without a plan is one of a start that failed: nothing was begun.
    if (!summary) return [];
    if ("broken" in summary) return [{ id, title: id, hosts: [], word: "broken", message: summary.broken }];
    const word = standingOf(summary, nowMs);
    const isOurs = summary.operation.by.inventory === inventory;
    const isOpen = word === "cut-off" || word === "in-doubt" || word === "stopped";
    if (!isOurs || !isOpen || (word === "stopped" && isOvertaken(summary.operation, done))) return [];
    return [describe(id, word, summary.operation)];
  });
  const rank = ({ word }: Unfinished) => (word === "stopped" ? 1 : 0);
  return found.toSorted((a, b) => rank(a) - rank(b));
}

function describe(id: string, word: Exclude<Unfinished["word"], "broken">, operation: Operation): Unfinished {
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
