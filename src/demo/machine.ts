import type { Answer, Surroundings } from "./answers/tool.ts";
import type { Word } from "./shell-words.ts";
import { filesOn, programsOn, runProgram } from "./tools.ts";

/** What a simulated shell stands on. */
export interface Machine {
  readonly run: (argv: readonly string[], input?: string) => Answer;
  /** What a function says that the client taught the shell. It knows them by name: the client's own text says what they do. */
  readonly call: (name: string, args: readonly Word[]) => string;
}

/** Answers from the state of its host. */
export function createMachine(surroundings: () => Surroundings): Machine {
  return {
    run: (argv, input) => runProgram(argv, { ...surroundings(), ...(input === undefined ? {} : { input }) }),
    call: (name, args) => {
      if (name === "scrap_read") return readFiles(args, surroundings());
      return name === "scrap_look" ? lookFor(args, surroundings()) : "";
    },
  };
}

function readFiles([count, ...paths]: readonly Word[], surroundings: Surroundings): string {
  const files = filesOn(surroundings);
  return expand(paths, files.expand)
    .filter((path) => files.isThere(path))
    .map((path) => `=${path}\n${firstLines(files.read(path) ?? "", Number(count?.text ?? 0))}`)
    .join("");
}

function lookFor(args: readonly Word[], surroundings: Surroundings): string {
  const files = filesOn(surroundings);
  const programs = programsOn(surroundings.host);
  const end = args.findIndex(({ text }) => text === "--");
  const found = args.slice(0, end).flatMap(({ text }) => {
    const path = programs.get(text)?.[0];
    return path === undefined ? [] : [`+${text} ${path}\n`];
  });
  const there = expand(args.slice(end + 1), files.expand).filter((path) => files.isThere(path));
  return [...found, ...there.map((path) => `${path}\n`)].join("");
}

const expand = (words: readonly Word[], resolve: (pattern: string) => readonly string[]) =>
  words.flatMap(({ text, isPattern }) => (isPattern ? resolve(text) : [text]));

const firstLines = (text: string, count: number) =>
  (text.match(/[^\n]*\n|[^\n]+$/g) ?? [])
    .slice(0, count === 0 ? undefined : count)
    .map((line) => `:${line.replace(/\n$/, "")}\n`)
    .join("");
