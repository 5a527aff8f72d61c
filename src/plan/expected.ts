import type { Expected } from "./plan.ts";

/** Is that the answer? `stdout` without the white space around it. */
export function isExpected(expect: Expected, exitCode: number, stdout: string): boolean {
  if ("exitCode" in expect) return exitCode === expect.exitCode;
  if (exitCode !== 0) return false;
  if ("stdout" in expect) return stdout === expect.stdout;
  if ("stdoutNot" in expect) return stdout !== expect.stdoutNot;
  if ("withoutLine" in expect) return !stdout.split("\n").includes(expect.withoutLine);
  if ("stdoutLacks" in expect) return !new RegExp(expect.stdoutLacks, "m").test(stdout);
  return new RegExp(expect.stdoutMatches, "m").test(stdout);
}
