import { tmpdir } from "node:os";
import { type Command, toShell } from "../../src/command/command.ts";
import { isExpected } from "../../src/plan/expected.ts";
import type { Check, Step } from "../../src/plan/plan.ts";
import type { Planning, PlanningAnswers } from "../../src/plan/planning.ts";
import { attempt } from "./shell.ts";
import { sshArgv } from "./ssh-access.ts";

const shell = "export LC_ALL=C TZ=UTC PATH=$PATH:/usr/sbin:/sbin;";

/** An emulated host needs a second for each new connection. */
const shared = ["ControlMaster=auto", `ControlPath=${tmpdir()}/scrap-lab-%C`, "ControlPersist=20"].flatMap(
  (option) => ["-o", option],
);

/** As ops, through sudo. */
async function ask(host: string, command: Command) {
  const [ssh, ...words] = sshArgv(`ops@${host}`, `${shell} ${toShell(command, "sudo")}`);
  const { code, out, err } = await attempt([ssh ?? "ssh", ...shared, ...words], { seconds: 180 });
  return { exitCode: code, stdout: out, stderr: err };
}

/** Runs words on a host as root. Throws unless they succeed. */
export async function asOps(host: string, ...argv: Command["argv"]): Promise<string> {
  const { exitCode, stdout, stderr } = await ask(host, { argv, asRoot: true, timeoutMs: 170_000 });
  if (exitCode !== 0) throw new Error(`${host}: ${argv.join(" ")}: exit ${exitCode}: ${stderr || stdout}`);
  return stdout.trim();
}

/** Plans with the answers of real hosts. */
export async function plan<Result>(planning: Planning<Result>): Promise<Result> {
  let next = planning.next();
  while (!next.done) {
    const answers: PlanningAnswers["host"][] = [];
    for (const question of next.value)
      if (question.kind === "host") answers.push(await ask(question.host, question.command));
    next = planning.next(answers);
  }
  return next.value;
}

async function holds({ host, ...check }: Check): Promise<boolean> {
  if (check.kind !== "command") throw new Error("Data is checked by commands.");
  const { exitCode, stdout } = await ask(host, check.command);
  return isExpected(check.expect, exitCode, stdout.trim());
}

/**
 * Takes steps as whoever resumes with no memory of his own: what is done by its check is left out. Returns the ids of
 * those that were taken.
 */
export async function take(steps: readonly Step[]): Promise<readonly string[]> {
  const taken: string[] = [];
  for (const step of steps) {
    if (step.kind !== "run") throw new Error(`${step.id}: only commands here.`);
    if (step.done && (await holds(step.done))) continue;
    await asOps(step.host, ...step.command.argv).catch((error) => {
      if (!step.optional) throw error;
    });
    if (step.done && !(await holds(step.done))) throw new Error(`${step.title}: not so: ${step.done.title}`);
    taken.push(step.id);
  }
  return taken;
}

/** The last first. */
export const wayBack = (steps: readonly Step[]): readonly Step[] =>
  steps.toReversed().flatMap(({ undo = [] }) => undo);
