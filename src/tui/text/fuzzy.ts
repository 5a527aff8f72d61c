export interface FuzzyMatch {
  /** Higher is better. Comparable for one query only. */
  readonly score: number;
  /** What matched, from and up to, in order, for `String.slice`. */
  readonly ranges: readonly (readonly [from: number, to: number])[];
}

/** Every word of the query is in the text, in any order; the letters of a word in theirs, with gaps where need be. */
export function fuzzy(query: string, text: string): FuzzyMatch | undefined {
  const words = query.split(" ").filter((word) => word !== "");
  const places = new Set<number>();
  const plain = toLower(text);
  let score = 0;
  for (const word of words) {
    const match = matchWord(toLower(word), plain, text);
    if (match === undefined) return undefined;
    score += match.score;
    for (const place of match.places) places.add(place);
  }
  return { score, ranges: toRanges([...places].sort((a, b) => a - b)) };
}

interface WordMatch {
  readonly score: number;
  readonly places: readonly number[];
}

function matchWord(word: string, plain: string, text: string): WordMatch | undefined {
  const whole = findWhole(word, plain, text);
  const places =
    whole === undefined
      ? findScattered(word, plain)
      : Array.from({ length: word.length }, (_, index) => whole + index);
  return places && { score: toScore(places, text), places };
}

/** Where the word is in one piece, best where a word of the text begins. */
function findWhole(word: string, plain: string, text: string): number | undefined {
  const first = plain.indexOf(word);
  for (let at = first; at >= 0; at = plain.indexOf(word, at + 1)) if (isStart(text, at)) return at;
  return first < 0 ? undefined : first;
}

/** Forward to where it ends first, then back from there, so that the letters are as close as they can be. */
function findScattered(word: string, plain: string): number[] | undefined {
  let at = -1;
  for (let index = 0; index < word.length; index++) {
    at = plain.indexOf(word.charAt(index), at + 1);
    if (at < 0) return undefined;
  }
  const places: number[] = [];
  for (let index = word.length - 1; index >= 0; index--, at--) {
    at = plain.lastIndexOf(word.charAt(index), at);
    places.unshift(at);
  }
  return places;
}

const forLetter = 16;
const forNeighbour = 12;
const forStart = 10;
const forFirst = 6;

function toScore(places: readonly number[], text: string): number {
  let score = 0;
  places.forEach((place, index) => {
    const previous = places[index - 1];
    score += forLetter;
    if (previous === place - 1) score += forNeighbour;
    else if (previous !== undefined) score -= Math.min(forNeighbour, place - previous);
    if (isStart(text, place)) score += forStart;
    if (place === 0) score += forFirst;
  });
  // Of two that match alike, the one with less around it.
  return score - Math.min(forStart, text.length / 20);
}

/** A word begins: after what is no letter, or at a capital. */
function isStart(text: string, at: number): boolean {
  if (at === 0) return true;
  const [before, here] = [text.charAt(at - 1), text.charAt(at)];
  return /[^\p{L}\p{N}]/u.test(before) || (/\p{Lu}/u.test(here) && /\p{Ll}/u.test(before));
}

/** As long as the text, so that places in the one are places in the other. */
function toLower(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return Array.from(text, (character) => {
    const small = character.toLowerCase();
    return small.length === character.length ? small : character;
  }).join("");
}

function toRanges(places: readonly number[]): [from: number, to: number][] {
  const ranges: [from: number, to: number][] = [];
  for (const place of places) {
    const last = ranges.at(-1);
    if (last?.[1] === place) last[1] = place + 1;
    else ranges.push([place, place + 1]);
  }
  return ranges;
}
