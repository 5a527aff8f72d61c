import type { Health } from "../backends/contract.ts";
import type { Operation } from "../journal/operation.ts";
import type { Outcome } from "../journal/record.ts";

const words: Record<Outcome, string> = {
  done: "done",
  "walked-back": "walked back",
  unchanged: "nothing changed",
  refused: "refused",
  stopped: "stopped",
  "in-doubt": "in doubt",
};

const healths: Record<Outcome, Health> = {
  done: "ok",
  "walked-back": "warning",
  unchanged: "warning",
  refused: "warning",
  stopped: "warning",
  "in-doubt": "failed",
};

type Known = Pick<Operation, "ended"> & { readonly isDriven: boolean };

/** What became of an operation, in a word or two. */
export function describeState({ ended, isDriven }: Known): string {
  if (isDriven) return "running";
  return ended ? words[ended.outcome] : "cut off";
}

export function healthOf({ ended, isDriven }: Known): Health {
  if (isDriven) return "ok";
  return ended ? healths[ended.outcome] : "failed";
}
