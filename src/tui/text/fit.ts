import { nearStart, toCharacters } from "./characters.ts";
import { clean } from "./clean.ts";
import { isNarrow, width } from "./width.ts";

/** At most so many columns of one line; what is cut off is told by the ellipsis. No colours yet. */
export function fit(text: string, columns: number, ellipsis = "…"): string {
  if (columns <= 0) return "";
  const line = clean(text);
  if (line.length <= columns && isNarrow(line)) return line;
  const near = nearStart(line, columns);
  if (near.length === line.length && width(line) <= columns) return limited(line, columns);
  return head(near, columns - width(ellipsis)) + head(ellipsis, columns);
}

/** What is before the first character that does not fit. */
function head(text: string, columns: number): string {
  if (columns <= 0) return "";
  if (isNarrow(text)) return text.slice(0, columns);
  return limited(text, columns);
}

function limited(text: string, columns: number): string {
  let taken = "";
  let used = 0;
  for (const character of toCharacters(text)) {
    used += character.columns;
    if (used > columns) break;
    taken += character.text;
  }
  return taken;
}
