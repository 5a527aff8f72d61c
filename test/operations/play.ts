import type { Output } from "../../src/command/command.ts";
import { sha256 } from "../../src/plan/digest.ts";
import type { Planning, PlanningAnswers, PlanningQuestion } from "../../src/plan/planning.ts";
import { toText } from "../../src/plan/text.ts";

/** The world that planning asks. A question that nobody foresaw fails the test. */
export interface World {
  /** Files of ours, by their absolute path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly feeds?: Readonly<Record<string, string>>;
  /** What hosts answer, by `HOST: COMMAND`. */
  readonly hosts?: Readonly<Record<string, string | Partial<Output>>>;
}

/** Plans in that world. Throws what planning throws. */
export function play<Result>(planning: Planning<Result>, world: World): Result {
  let next = planning.next();
  while (!next.done) next = planning.next(next.value.map((question) => answerOf(question, world)));
  return next.value;
}

function answerOf(
  question: PlanningQuestion,
  { files = {}, feeds = {}, hosts = {} }: World,
): PlanningAnswers[keyof PlanningAnswers] {
  if (question.kind === "file") {
    const text = files[question.file];
    return text === undefined ? undefined : { text, sha256: sha256(text), mode: 0o644 };
  }
  if (question.kind === "folder") {
    const prefix = `${question.folder}/`;
    const names = Object.keys(files).filter((file) => file.startsWith(prefix));
    return names.length === 0 ? undefined : names.map((file) => file.slice(prefix.length));
  }
  if (question.kind === "feed") {
    const feed = feeds[question.url];
    if (feed === undefined) throw new Error(`Nobody foresaw ${question.url}`);
    return feed;
  }
  if (question.kind !== "host") throw new Error(`Nobody foresaw ${JSON.stringify(question)}`);
  const asked = `${question.host}: ${toText(question.command)}`;
  const answer = hosts[asked];
  if (answer === undefined) throw new Error(`Nobody foresaw ${asked}`);
  return {
    exitCode: 0,
    stdout: "",
    stderr: "",
    ...(typeof answer === "string" ? { stdout: answer } : answer),
  };
}
