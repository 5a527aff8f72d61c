// Answers what planning asks: hosts, and what is on this machine.
import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { CommandFailed } from "./errors.ts";
import { sha256 } from "./plan/digest.ts";
import type { Planning, PlanningAnswers, PlanningQuestion } from "./plan/planning.ts";
import { fetchFeed } from "./releases/fetch-feed.ts";
import { runLocalLines } from "./transport/local-program.ts";
import type { Transport } from "./transport/transport.ts";

/** Of the user's own programs, such as a playbook in check mode. */
const longestProgramMs = 1_800_000;

/** Asks what planning wants to know, until it has a plan. */
export async function answer<Result>(planning: Planning<Result>, transport: Transport): Promise<Result> {
  let next = planning.next();
  while (!next.done) {
    const asked = next.value;
    const answers = await Promise.allSettled(asked.map((question) => answerOne(question, transport)));
    const failed = answers.find((each) => each.status === "rejected");
    next = failed
      ? planning.throw(failed.reason)
      : planning.next(answers.map((each) => (each as PromiseFulfilledResult<never>).value));
  }
  return next.value;
}

async function answerOne(
  question: PlanningQuestion,
  transport: Transport,
): Promise<PlanningAnswers[keyof PlanningAnswers]> {
  switch (question.kind) {
    case "host":
      return transport.link(question.host).ask(question.command);
    case "file":
      return readOwn(question.file);
    case "folder":
      return listOwn(question.folder);
    case "program":
      return runProgram(question);
    case "feed":
      return fetchFeed(question.url);
    default:
      return question satisfies never;
  }
}

async function runProgram({ argv, cwd }: Extract<PlanningQuestion, { kind: "program" }>) {
  const lines: string[] = [];
  const exitCode = await runLocalLines(
    argv,
    cwd,
    (line) => lines.push(line),
    AbortSignal.timeout(longestProgramMs),
  );
  return { exitCode, lines };
}

async function readOwn(file: string): Promise<PlanningAnswers["file"]> {
  try {
    const [content, { mode }] = await Promise.all([readFile(file), stat(file)]);
    return { text: content.toString(), sha256: sha256(content), mode };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new CommandFailed(`${file} cannot be read: ${(error as Error).message}`);
  }
}

async function listOwn(folder: string): Promise<PlanningAnswers["folder"]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new CommandFailed(`${folder} cannot be read: ${(error as Error).message}`);
  }
}
