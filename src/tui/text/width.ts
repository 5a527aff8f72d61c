import stringWidth from "string-width";

// One column each: ASCII, Latin, and what we draw with.
const narrow =
  /^[\x20-\x7e\xa0-\xac\xae-\u02ff\u2010-\u2027\u2030-\u203a\u2190-\u2193\u2500-\u25a0\u25b2\u25cc\u25cf\u2716\u2800-\u28ff]*$/;

const known = new Map<string, number>();
const maxKnown = 5000;
const maxLength = 200;

/** How many columns a text takes. Escape sequences take none. */
export function width(text: string): number {
  if (narrow.test(text)) return text.length;
  const found = known.get(text);
  if (found !== undefined) return found;
  const measured = stringWidth(text);
  if (text.length <= maxLength) {
    // What is on screen is soon measured again; what is not, is forgotten.
    if (known.size >= maxKnown) known.clear();
    known.set(text, measured);
  }
  return measured;
}

export const isNarrow = (text: string) => narrow.test(text);
