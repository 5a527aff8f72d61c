import type { Command, Output } from "../command/command.ts";
import { CommandFailed } from "../errors.ts";
import { toText } from "./text.ts";

/** What planning may ask: a host, a file, a folder or a program of ours, or a feed. Nothing is changed by it. */
export type PlanningQuestion =
  | { readonly kind: "host"; readonly host: string; readonly command: Command }
  | { readonly kind: "file"; readonly file: string }
  | { readonly kind: "folder"; readonly folder: string }
  | { readonly kind: "program"; readonly argv: readonly [string, ...string[]]; readonly cwd: string }
  | { readonly kind: "feed"; readonly url: string };

/** The answer to each kind of question. A file or a folder that is not there is undefined. */
export interface PlanningAnswers {
  host: Output;
  file: { readonly text: string; readonly sha256: string; readonly mode: number } | undefined;
  /** Paths relative to it, of all files in it and below. */
  folder: readonly string[] | undefined;
  /** What it said on both of its outputs. */
  program: { readonly exitCode: number; readonly lines: readonly string[] };
  feed: string;
}

/**
 * Planning asks questions and ends with a result. Pure: the same answers give the same result, so a test can play the
 * hosts. Written as `function*`, asked with `yield*`.
 */
export type Planning<Result> = Generator<
  readonly PlanningQuestion[],
  Result,
  readonly PlanningAnswers[keyof PlanningAnswers][]
>;

export function* askHosts(
  questions: readonly { readonly host: string; readonly command: Command }[],
): Planning<readonly Output[]> {
  return (yield questions.map((question) => ({ kind: "host" as const, ...question }))) as readonly Output[];
}

export function* askHost(host: string, command: Command): Planning<Output> {
  const [output] = yield* askHosts([{ host, command }]);
  return output as Output;
}

/** As `askHost`, for what must succeed. Throws `CommandFailed` otherwise. */
export function* learn(host: string, command: Command): Planning<string> {
  const { exitCode, stdout, stderr } = yield* askHost(host, command);
  if (exitCode === 0) return stdout.trim();
  throw new CommandFailed(`${host}: ${toText(command)}: exit ${exitCode}: ${(stderr || stdout).trim()}`);
}

export function* readOwnFiles(files: readonly string[]): Planning<readonly PlanningAnswers["file"][]> {
  return (yield files.map((file) => ({ kind: "file" as const, file }))) as readonly PlanningAnswers["file"][];
}

export function* readOwnFile(file: string): Planning<PlanningAnswers["file"]> {
  const [answer] = yield* readOwnFiles([file]);
  return answer;
}

export function* listOwnFolder(folder: string): Planning<PlanningAnswers["folder"]> {
  const [answer] = yield [{ kind: "folder", folder }];
  return answer as PlanningAnswers["folder"];
}

export function* askProgram(
  argv: readonly [string, ...string[]],
  cwd: string,
): Planning<PlanningAnswers["program"]> {
  const [answer] = yield [{ kind: "program", argv, cwd }];
  return answer as PlanningAnswers["program"];
}

export function* fetchFeed(url: string): Planning<string> {
  const [answer] = yield [{ kind: "feed", url }];
  return answer as string;
}
