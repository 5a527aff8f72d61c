import type { Command } from "../../command/command.ts";
import type { Check, RunStep } from "../../plan/plan.ts";

/** Tools of storage wait for their disks. */
export const asRoot = (...argv: Command["argv"]): Command => ({ argv, asRoot: true, timeoutMs: 30_000 });

export const isThere = (path: string, host: string): Check => ({
  kind: "command",
  title: `${path} is there`,
  host,
  command: asRoot("test", "-e", path),
  expect: { exitCode: 0 },
});

/** Its folder has to be there: under a mount that is gone after a reboot, nothing is, and that says nothing. */
export const isGone = (path: string, host: string): Check => ({
  kind: "command",
  title: `${path} is not there`,
  host,
  command: asRoot("test", "-d", path.slice(0, path.lastIndexOf("/")) || "/", "-a", "!", "-e", path),
  expect: { exitCode: 0 },
});

const timeoutMs = 60_000;

/** One command that changes data, which may be said again: what it does it does whole, or not at all. */
export const dataStep = (
  id: string,
  title: string,
  host: string,
  argv: Command["argv"],
  rest: Partial<RunStep> = {},
): RunStep => ({
  kind: "run",
  id,
  title,
  host,
  command: asRoot(...argv),
  effect: "changes",
  again: "safe",
  timeoutMs,
  ...rest,
});

/** A name is another one within its file system: one rename, whole or not at all. */
export const renameStep = (
  id: string,
  title: string,
  host: string,
  from: string,
  to: string,
  rest: Partial<RunStep> = {},
): RunStep => dataStep(id, title, host, ["mv", "-T", "--", from, to], { done: isGone(from, host), ...rest });
