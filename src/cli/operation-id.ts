import { UsageError } from "../errors.ts";
import { didYouMean } from "../inventory/nearest.ts";

/** The operation that a person means: its id, or how that begins or ends, where only one does. Throws `UsageError`. */
export function findOperation(word: string, ids: readonly string[]): string {
  if (ids.includes(word)) return word;
  const found = ids.filter((id) => id.startsWith(word) || id.endsWith(word));
  const [id] = found;
  if (id === undefined)
    throw new UsageError(`There is no operation ${word}${didYouMean(word, ids)}`, {
      hint: "scrap journal lists them.",
    });
  if (found.length > 1)
    throw new UsageError(
      `There are ${found.length} operations that begin or end with ${word}:\n${found.map((each) => `  ${each}`).join("\n")}`,
      { hint: "Say more of the one you mean." },
    );
  return id;
}
