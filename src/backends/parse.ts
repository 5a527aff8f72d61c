import * as z from "zod";
import type { Output } from "../command/command.ts";
import { CommandFailed, UnreadableOutput } from "../errors.ts";

/** Reads one JSON document. Throws `UnreadableOutput`, with an excerpt, when it is none or not of that form. */
export function parseJson<Fact>(text: string, schema: z.ZodType<Fact>): Fact {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw unreadable("Not JSON", text, cause);
  }
  const { success, data, error } = schema.safeParse(document);
  if (success) return data;
  throw unreadable(z.prettifyError(error).split("\n").slice(0, 4).join(" "), text, error);
}

/** Reads one JSON document on each line. No line at all is an empty list. */
export const parseJsonLines = <Fact>(text: string, schema: z.ZodType<Fact>): Fact[] =>
  parseLines(text).map((line) => parseJson(line, schema));

/** The lines that are not blank, with nothing taken off them but the line's end. */
export const parseLines = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.replace(/\r$/, ""))
    .filter((line) => line.trim() !== "");

/** `key: value` or `key=value` lines, by the first separator. A line without it is left out. */
export function parsePairs(text: string, separator: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const line of parseLines(text)) {
    const at = line.indexOf(separator);
    if (at > 0) pairs.set(line.slice(0, at).trim(), line.slice(at + separator.length).trim());
  }
  return pairs;
}

/** A number as tools write it; undefined for anything else, such as `[not set]`, `-`, or nothing. */
export function parseNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text)
    ? Number(text)
    : undefined;
}

/** Passes an output on when its exit code is one of those. Throws `CommandFailed` with the end of stderr else. */
export function expectExit(output: Output, ...accepted: readonly number[]): Output {
  if ((accepted.length === 0 ? [0] : accepted).includes(output.exitCode)) return output;
  throw new CommandFailed(failureOf(output));
}

/** What went wrong with a command, in one line: its exit code and the end of what it said. */
export function failureOf({ exitCode, stderr, stdout }: Output): string {
  const said = parseLines(stderr === "" ? stdout : stderr)
    .slice(-3)
    .join(" / ")
    .slice(-400);
  const how =
    exitCode === 124 || exitCode === 137
      ? `took too long (exit ${exitCode})`
      : `failed with exit ${exitCode}`;
  return said === "" ? how : `${how}: ${said}`;
}

/** For a text that we do not understand: says why, and shows how it begins. */
export function unreadable(why: string, text: string, cause?: unknown): UnreadableOutput {
  return new UnreadableOutput(`${why}: ${JSON.stringify(text.slice(0, 200))}`, { cause });
}
