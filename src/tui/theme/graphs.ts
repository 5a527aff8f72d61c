export type Sample = number | undefined;

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** How columns of different heights become characters. A height is from 0 (nothing there) to `levels`. */
export interface Alphabet {
  readonly samplesPerCell: 1 | 2;
  readonly levels: number;
  readonly toCell: (heights: readonly number[]) => string;
}

// The dots of the left and of the right column of a cell, filled from the bottom.
const leftDots = [0, 0x40, 0x44, 0x46, 0x47];
const rightDots = [0, 0x80, 0xa0, 0xb0, 0xb8];

export const braille: Alphabet = {
  samplesPerCell: 2,
  levels: 4,
  toCell: ([left = 0, right = 0]) =>
    left + right === 0 ? " " : String.fromCharCode(0x2800 | (leftDots[left] ?? 0) | (rightDots[right] ?? 0)),
};

const ofCharacters = (characters: string): Alphabet => ({
  samplesPerCell: 1,
  levels: characters.length,
  toCell: ([height = 0]) => characters[height - 1] ?? " ",
});

export const blocks = ofCharacters("▁▂▃▄▅▆▇█");
/** For one line, where a height is a place in the line. */
export const asciiLine = ofCharacters("_.-=^");
/** For several lines, where what is below the top is filled. */
export const asciiArea = ofCharacters(".:#");

/** The newest samples at the right edge, top line first. A sample that is not there is a gap. */
export function drawChart(
  alphabet: Alphabet,
  samples: readonly Sample[],
  size: { readonly width: number; readonly height: number },
  range?: Range,
): readonly string[] {
  const { samplesPerCell, levels, toCell } = alphabet;
  const room = size.width * samplesPerCell;
  const shown = room > 0 ? samples.slice(-room) : [];
  const heights = toHeights(shown, levels * size.height, range);
  const padded = [...Array<number>(room - heights.length).fill(0), ...heights];
  return Array.from({ length: size.height }, (_, row) => {
    const below = (size.height - 1 - row) * levels;
    const inRow = padded.map((height) => Math.min(levels, Math.max(0, height - below)));
    return Array.from({ length: size.width }, (__, cell) =>
      toCell(inRow.slice(cell * samplesPerCell, (cell + 1) * samplesPerCell)),
    ).join("");
  });
}

/** The lowest value still has a height: nothing at all means that nothing is known. */
function toHeights(samples: readonly Sample[], levels: number, range?: Range): readonly number[] {
  const known = samples.filter(isKnown);
  const { min, max } = range ?? { min: Math.min(0, ...known), max: Math.max(0, ...known) };
  const span = max - min;
  return samples.map((sample) => {
    if (!isKnown(sample)) return 0;
    const share = span > 0 ? Math.min(1, Math.max(0, (sample - min) / span)) : 0;
    return 1 + Math.round(share * (levels - 1));
  });
}

/** A line that is heavy as far as the ratio goes. Only nothing looks empty, and only all looks full. */
export function drawGauge(unicode: boolean, ratio: Sample, width: number): string {
  if (width <= 0) return "";
  if (!isKnown(ratio)) return "?".padEnd(width);
  const [full, half, empty] = unicode ? ["━", "╾", "─"] : ["#", "+", "."];
  const halves =
    ratio <= 0 ? 0 : ratio >= 1 ? width * 2 : clamp(Math.round(ratio * width * 2), 1, width * 2 - 1);
  return (
    full.repeat(halves >> 1) + (halves % 2 === 1 ? half : "") + empty.repeat(width - ((halves + 1) >> 1))
  );
}

const isKnown = (sample: Sample): sample is number => sample !== undefined && Number.isFinite(sample);

const clamp = (value: number, min: number, max: number) => Math.min(max, Math.max(min, value));
