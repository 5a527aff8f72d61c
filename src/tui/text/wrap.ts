import { toCharacters } from "./characters.ts";
import { clean } from "./clean.ts";
import { width } from "./width.ts";

/** Lines of at most so many columns, broken between words where that is possible. Never none. */
export function wrap(text: string, columns: number): readonly string[] {
  const room = Math.max(1, columns);
  return text.split(/\r?\n/).flatMap((line) => wrapLine(clean(line).trimEnd(), room));
}

function wrapLine(line: string, room: number): readonly string[] {
  if (width(line) <= room) return [line];
  const lines: string[] = [];
  let current = "";
  let used = 0;
  const add = (part: string, columns: number) => {
    current += part;
    used += columns;
  };
  const next = () => {
    lines.push(current.trimEnd());
    current = "";
    used = 0;
  };
  for (const part of line.match(/ +|[^ ]+/g) ?? []) {
    const columns = width(part);
    if (used + columns <= room) {
      add(part, columns);
    } else if (part.startsWith(" ")) {
      next();
    } else {
      if (columns <= room && current.trim() !== "") next();
      for (const character of columns <= room ? [{ text: part, columns }] : toCharacters(part)) {
        if (used + character.columns > room) next();
        add(character.text, character.columns);
      }
    }
  }
  if (current !== "") next();
  return lines;
}
