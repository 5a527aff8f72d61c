import type { ResourceKind } from "../../backends/resource.ts";
import type { Shown } from "../line.ts";
import type { Row } from "../screens/list.ts";
import { fuzzy } from "../text/fuzzy.ts";

/**
 * Reads what was typed after `/`: words that must all be found, in order of their letters; `host:`, `kind:` and
 * `health:` look at one thing only, and `!` turns a word round.
 */
export function createFilter(text: string): (row: Row) => boolean {
  const tests = wordsOf(text).map(({ word, isInverted }) => {
    const test = createTest(word);
    return (row: Row) => test(row) !== isInverted;
  });
  return (row) => tests.every((test) => test(row));
}

/** What is wrong with a filter that nothing can match, whatever there is; undefined for any other. */
export function whyNotFilter(text: string, hosts: Iterable<string>): string | undefined {
  for (const { word } of wordsOf(text)) {
    const { field, wanted } = fieldOf(word) ?? {};
    const possible =
      field === "host" ? [...hosts] : field === "kind" ? kinds : field === "health" ? healths : [];
    if (possible.length > 0 && !possible.some((each) => each.toLowerCase().startsWith(wanted ?? "")))
      return `there is no ${word}; ${field} is one of ${possible.join(", ")}`;
  }
  return undefined;
}

const kinds = Object.keys({
  host: true,
  service: true,
  unit: true,
  timer: true,
  container: true,
  pod: true,
  project: true,
  disk: true,
  array: true,
  pool: true,
  filesystem: true,
  ups: true,
  backup: true,
  operation: true,
} satisfies Record<ResourceKind | "service" | "backup" | "operation", true>);

const healths = Object.keys({
  ok: true,
  warning: true,
  degraded: true,
  failed: true,
  unreachable: true,
  unknown: true,
  unasked: true,
} satisfies Record<Shown, true>);

const wordsOf = (text: string) =>
  text
    .split(/\s+/)
    .filter((word) => word !== "" && word !== "!")
    .map((word) => {
      const isInverted = word.startsWith("!");
      return { word: isInverted ? word.slice(1) : word, isInverted };
    });

function fieldOf(word: string) {
  const [, field, value = ""] = /^(host|kind|health|name):(.*)$/.exec(word) ?? [];
  if (field === undefined) return undefined;
  return { field: field as "host" | "kind" | "health" | "name", wanted: value.toLowerCase() };
}

function createTest(word: string): (row: Row) => boolean {
  const looked = fieldOf(word);
  if (looked) return (row) => row[looked.field].toLowerCase().startsWith(looked.wanted);
  return (row) =>
    fuzzy(word, row.name) !== undefined ||
    fuzzy(word, row.host) !== undefined ||
    // In a sentence, letters in order are everywhere: there a word is a word.
    (row.reason?.toLowerCase().includes(word.toLowerCase()) ?? false);
}
