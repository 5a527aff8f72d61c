/** A part of the picture: a cell, or what is filled in it. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What to fill for a character that must meet its neighbours: straight lines and blocks. */
export function toBoxes(character: string, place: Place): readonly Place[] | undefined {
  const arms = lines[character];
  if (arms !== undefined) return toArms(arms, place);
  const code = character.codePointAt(0) ?? 0;
  return code >= 0x2581 && code <= 0x258f ? [toBlock(code, place)] : undefined;
}

type Arms = readonly [left: number, right: number, up: number, down: number];

/** How thick, in pixels. */
const lines: Readonly<Record<string, Arms>> = {
  "─": [1, 1, 0, 0],
  "━": [3, 3, 0, 0],
  "╾": [3, 1, 0, 0],
  "│": [0, 0, 1, 1],
  "┌": [0, 1, 0, 1],
  "┐": [1, 0, 0, 1],
  "└": [0, 1, 1, 0],
  "┘": [1, 0, 1, 0],
  "├": [0, 1, 1, 1],
  "┤": [1, 0, 1, 1],
  "┬": [1, 1, 0, 1],
  "┴": [1, 1, 1, 0],
  "┼": [1, 1, 1, 1],
};

function toArms([left, right, up, down]: Arms, { x, y, width, height }: Place): readonly Place[] {
  const across = (from: number, length: number, thick: number) =>
    thick === 0 ? [] : [{ x: from, y: y + (height - thick) / 2, width: length, height: thick }];
  const along = (from: number, length: number, thick: number) =>
    thick === 0 ? [] : [{ x: x + (width - thick) / 2, y: from, width: thick, height: length }];
  return [
    ...(left === right
      ? across(x, width, left)
      : [...across(x, width / 2, left), ...across(x + width / 2, width / 2, right)]),
    ...(up === down
      ? along(y, height, up)
      : [...along(y, height / 2, up), ...along(y + height / 2, height / 2, down)]),
  ];
}

/** U+2581 to U+2588 grow from the bottom, U+2589 to U+258F shrink to the left. */
function toBlock(code: number, { x, y, width, height }: Place): Place {
  if (code > 0x2588) return { x, y, width: (width * (0x2590 - code)) / 8, height };
  const filled = (height * (code - 0x2580)) / 8;
  return { x, y: y + height - filled, width, height: filled };
}

const corners: Readonly<Record<string, readonly [horizontal: number, vertical: number]>> = {
  "╭": [1, 1],
  "╮": [-1, 1],
  "╰": [1, -1],
  "╯": [-1, -1],
};

/** What to draw with a thin pen: round corners. */
export function toCorner(character: string, { x, y, width, height }: Place): string | undefined {
  const corner = corners[character];
  if (corner === undefined) return undefined;
  const [middleX, middleY] = [x + width / 2, y + height / 2];
  const [endX, endY] = [middleX + (corner[0] * width) / 2, middleY + (corner[1] * height) / 2];
  return `M${middleX} ${endY}Q${middleX} ${middleY} ${endX} ${middleY}`;
}

// The bits of a braille character, from the top.
const columns = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;

/** What to draw with a dotted pen, four dots a cell high: braille, which few fonts have. */
export function toDots(character: string, { x, y, width, height }: Place): string | undefined {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x2800 || code > 0x28ff) return undefined;
  const step = height / 4;
  return columns
    .flatMap((bits, column) => {
      const signs = bits.map((bit) => (code & bit ? "x" : " ")).join("");
      return [...signs.matchAll(/x+/g)].map(({ index, 0: { length } }) => {
        const [startX, startY] = [x + (width * (2 * column + 1)) / 4, y + step * (index + 0.5)];
        // A little longer, so that the last dot is certain.
        return `M${startX} ${round(startY)}v${round(step * (length - 1) + 0.1)}`;
      });
    })
    .join("");
}

export const round = (value: number) => Math.round(value * 100) / 100;
