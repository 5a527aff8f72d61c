import { UsageError } from "../errors.ts";
import { type StoryName, storyNames } from "./stories.ts";

export interface DemoArguments {
  /** Undefined where nobody chose: then it depends on who watches. */
  readonly story?: StoryName;
  readonly hosts?: number;
  /** So many seconds into the story. */
  readonly at?: number;
  /** What is to be run on it. */
  readonly rest: readonly string[];
}

/** Takes its own options, which stand before the command, from among others. Throws `UsageError`. */
export function parseDemoArguments(argv: readonly string[]): DemoArguments {
  const given = takeOptions(argv);
  const { story = "calm", hosts } = given;
  if (hosts !== undefined && story !== "calm")
    throw new UsageError(`--story ${story} is about the homelab: a crowd of --hosts ${hosts} has no story.`, {
      hint: "Leave one of them out.",
    });
  return given;
}

function takeOptions(argv: readonly string[]): DemoArguments {
  const [word = "", ...after] = argv;
  const [, option, joined] = /^(--story|--hosts|--at)(?:=(.*))?$/s.exec(word) ?? [];
  if (option === undefined) {
    if (!word.startsWith("-")) return { rest: argv };
    const { rest, ...given } = takeOptions(after);
    return { ...given, rest: [word, ...rest] };
  }
  const value = joined ?? after[0] ?? "";
  const more = takeOptions(joined === undefined ? after.slice(1) : after);
  if (option === "--hosts") {
    const hosts = Number(value);
    if (!Number.isInteger(hosts) || hosts < 1 || hosts > 2000)
      throw new UsageError(`--hosts ${value}: expected a number from 1 to 2000.`);
    return { hosts, ...more };
  }
  if (option === "--at") {
    const at = Number(value);
    if (!(at >= 0 && at <= 86_400))
      throw new UsageError(`--at ${value}: expected seconds from 0 to 86400, such as 60.`);
    return { at, ...more };
  }
  const story = storyNames.find((name) => name === value);
  if (story === undefined)
    throw new UsageError(`--story ${value}: expected one of ${storyNames.join(", ")}.`);
  return { story, ...more };
}
