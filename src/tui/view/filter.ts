import type { Row } from "../screens/list.ts";
import { fuzzy } from "../text/fuzzy.ts";

/**
 * Reads what was typed after `/`: words that must all be found, in order of their letters; `host:`, `kind:` and
 * `health:` look at one thing only, and `!` turns a word round.
 */
export function createFilter(text: string): (row: Row) => boolean {
  const words = text.split(/\s+/).filter((word) => word !== "" && word !== "!");
  const tests = words.map((word) => {
    const isInverted = word.startsWith("!");
    const test = createTest(isInverted ? word.slice(1) : word);
    return (row: Row) => test(row) !== isInverted;
  });
  return (row) => tests.every((test) => test(row));
}

function createTest(word: string): (row: Row) => boolean {
  const [, field, value = ""] = /^(host|kind|health|name):(.*)$/.exec(word) ?? [];
  if (field !== undefined) {
    const wanted = value.toLowerCase();
    return (row) =>
      String(row[field as "host" | "kind" | "health" | "name"])
        .toLowerCase()
        .startsWith(wanted);
  }
  return (row) =>
    fuzzy(word, row.name) !== undefined ||
    fuzzy(word, row.host) !== undefined ||
    // In a sentence, letters in order are everywhere: there a word is a word.
    (row.reason?.toLowerCase().includes(word.toLowerCase()) ?? false);
}
