import type { Follower } from "../journal/follow.ts";
import { allSteps } from "../journal/operation.ts";
import type { JournalRecord, Outcome } from "../journal/record.ts";
import type { Plan, Step } from "../plan/plan.ts";
import { toDuration } from "../words.ts";
import type { Context, Operations } from "./context.ts";
import { type FormatOptions, toFormat } from "./output.ts";

/** What a command ends with that carried an operation to its end. */
export const exitCodes: Record<Outcome, number> = {
  done: 0,
  "walked-back": 4,
  unchanged: 4,
  refused: 6,
  stopped: 7,
  failed: 5,
  "in-doubt": 5,
};

/**
 * Shows what an operation does until it has ended, without its first `before` records. ctrl-c: stop after this step;
 * again: walk back; again: leave it alone.
 */
export async function followToEnd(
  id: string,
  operations: Operations,
  context: Context,
  options: FormatOptions,
  before = 0,
): Promise<number> {
  const leaving = new AbortController();
  const isForPeople = toFormat(options) === "table";
  let wishes = 0;
  const restore = context.onInterrupt(() => {
    wishes += 1;
    if (wishes <= 2 && operations.cancel(id))
      context.complain(
        wishes === 1
          ? "Stops after this step. ctrl-c again cancels it and walks back."
          : "Cancels and walks back. ctrl-c again leaves: it goes on by itself.",
      );
    else leaving.abort();
  });
  const onTerminate = () => leaving.abort();
  context.interrupted.addEventListener("abort", onTerminate);
  const narrator = createNarrator(operations.load(id).plan, context);
  try {
    const operation = await operations.follow(
      id,
      skipping(
        before,
        isForPeople
          ? narrator
          : {
              onRecord: (record) => context.print(JSON.stringify(record)),
              onOutput: (said) => context.print(JSON.stringify({ kind: "output", ...said })),
            },
      ),
      leaving.signal,
    );
    if (leaving.signal.aborted) {
      context.complain(`It goes on by itself: scrap journal show ${id} --follow`);
      return 130;
    }
    if (!operation?.ended) {
      reportEnd(id, operations, context);
      return 5;
    }
    return exitCodes[operation.ended.outcome];
  } finally {
    context.interrupted.removeEventListener("abort", onTerminate);
    restore();
  }
}

/** Of one that nobody carries out, and that has no end: why, where that is known, and what to do. */
export function reportEnd(id: string, operations: Operations, { complain }: Context): void {
  if (operations.load(id).ended) return;
  const errors = operations.errors(id);
  complain(`Nobody carries ${id} out any more.${errors === "" ? "" : `\n${errors}`}`);
  complain(`scrap resume ${id}`);
}

function skipping(before: number, { onRecord, onOutput }: Follower): Follower {
  let seen = 0;
  return {
    onRecord: (record) => {
      seen = record.seq;
      if (record.seq > before) onRecord(record);
    },
    onOutput: (said) => {
      if (seen >= before) onOutput(said);
    },
  };
}

/** Tells an operation line by line, for people. */
export function createNarrator(plan: Plan, { print, style }: Pick<Context, "print" | "style">) {
  const steps = new Map<string, Step>(allSteps(plan).map((step) => [step.id, step]));
  const titleOf = (id: string) => steps.get(id)?.title ?? id;
  const begun = new Map<string, number>();
  const tookOf = (id: string, at: string) => {
    const since = begun.get(id);
    return since === undefined ? "" : style.muted(` (${toDuration(Date.parse(at) - since)})`);
  };
  return {
    onOutput: ({ text }: { readonly text: string }) => {
      for (const line of text.split("\n")) if (line.trim() !== "") print(style.muted(`    ${line}`));
    },
    onRecord: (record: JournalRecord) => {
      const { at } = record;
      switch (record.kind) {
        case "intent":
          begun.set(record.step, Date.parse(at));
          return print(`${style.muted("…")} ${titleOf(record.step)}`);
        case "done":
          return print(
            `${style.sign("ok")} ${titleOf(record.step)}${record.already ? style.muted(" (it was so already)") : tookOf(record.step, at)}`,
          );
        case "failed":
          return print(`${style.sign(record.isWarning ? "warning" : "failed")} ${record.why}`);
        case "turned-back":
          return print(`${style.sign("warning")} Going back.`);
        case "ended":
          return print(
            record.outcome === "done"
              ? record.message
              : `${style.paint("failed", record.outcome)}: ${record.message}`,
          );
        default:
          return undefined;
      }
    },
  };
}
