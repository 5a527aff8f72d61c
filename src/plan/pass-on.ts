import { type Command, toShell } from "../command/command.ts";
import type { RunStep, Step, TransferStep } from "./plan.ts";

/** What goes from one command to another, wherever they are. */
export type Passing = Omit<TransferStep, "kind" | "effect" | "timeoutMs" | "again">;

const timeoutMs = 24 * 3_600_000;

/** A transfer between two hosts; on one host a pipe, which is a job of its own as others are. */
export function passOn(passing: Passing): Step {
  const common = { effect: "changes", timeoutMs, again: "safe" } as const;
  if (passing.from.host !== passing.host) return { ...passing, ...common, kind: "transfer" };
  const { from, resumes, command, ...rest } = passing;
  const first = resumes ? `${toText(resumes)} | ${toText(from.command)}` : toText(from.command);
  const run: RunStep = {
    ...rest,
    ...common,
    kind: "run",
    command: { argv: ["sh", "-c", bothWell(first, toText(command))], asRoot: true },
  };
  return run;
}

const toText = (command: Command) => toShell(command, "root", "unlimited");

/** A pipe ends as its last command does: that the first one failed must be known, too. */
const bothWell = (first: string, second: string) =>
  `set -- $({ { { ${first}; } 3>&- 4>&-; echo $? >&3; } | { { ${second}; } 3>&- >&4 4>&-; echo $? >&3; }; } 3>&1 4>&2); [ "$1$2" = 00 ]`;
