import { width } from "./width.ts";

export interface Character {
  readonly text: string;
  readonly columns: number;
}

const segmenter = new Intl.Segmenter();

// The longest emoji has fewer; what has more is a pile of accents.
const maxUnits = 40;

/** What a reader takes for one character, with all that combines with it. */
export function* toCharacters(text: string): Generator<Character> {
  for (const { segment } of segmenter.segment(text)) {
    const shown = segment.length > maxUnits ? [...segment].slice(0, maxUnits / 2).join("") : segment;
    yield { text: shown, columns: width(shown) };
  }
}

/** At least what fits into `columns`, so that nobody looks at the rest of a very long text. */
export const nearStart = (text: string, columns: number) =>
  text.slice(0, (columns + 2) * maxUnits).toWellFormed();
