import { createInk, type Ink } from "./ink.ts";
import type { Cell, CellStyle, Grid } from "./read-grid.ts";
import { type Place, round, toBoxes, toCorner, toDots } from "./shapes.ts";
import { type TerminalColours, toInks } from "./terminal-colours.ts";

// Whole pixels, so that there are no seams. A character of DejaVu Sans Mono is 0.602 of its size wide.
const cell = { width: 8, height: 17 };
const font = 'font-family:"DejaVu Sans Mono",Menlo,Consolas,monospace;font-size:13.3px;white-space:pre';
const baseline = 13;
const margin = 12;

/** A picture of a terminal, which looks much the same with any font: each piece of text is told how long it is. */
export function toSvg(grid: Grid, colours: TerminalColours): string {
  const width = grid.columns * cell.width + 2 * margin;
  const height = grid.rows.length * cell.height + 2 * margin;
  const [behind, front] = [createInk("b"), createInk("f")];
  const texts = grid.rows.map((row, index) =>
    drawRow(row, margin + index * cell.height, colours, behind, front),
  );
  const drawn = [...behind.draw(), ...front.draw(), ...texts.filter((row) => row !== "")];
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" xml:space="preserve">`,
    `<style>text{${font}}${behind.css()}${front.css()}</style>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${colours.background}"/>`,
    ...drawn,
    "</svg>",
  ].join("\n")}\n`;
}

interface Piece {
  readonly x: number;
  readonly look: string;
  text: string;
  columns: number;
}

/** Its text. All else goes into the ink. */
function drawRow(row: readonly Cell[], y: number, colours: TerminalColours, behind: Ink, front: Ink): string {
  const pieces: Piece[] = [];
  let x = margin;
  for (const { text, columns, style } of row) {
    const place = { x, y, width: columns * cell.width, height: cell.height };
    const inks = toInks(style, colours);
    const dim = style.dim ? ";opacity:.6" : "";
    const fill = `fill:${inks.ink}${dim}`;
    if (inks.behind !== undefined) behind.fill(`fill:${inks.behind}`, place);
    if (style.underline) front.fill(fill, underlineOf(place));
    const boxes = toBoxes(text, place);
    const corner = toCorner(text, place);
    const dots = toDots(text, place);
    for (const box of boxes ?? []) front.fill(fill, box);
    if (corner !== undefined) front.stroke(`fill:none;stroke:${inks.ink}${dim}`, corner);
    if (dots !== undefined) front.stroke(`${dottedPen};stroke:${inks.ink}${dim}`, dots);
    const shown = (boxes ?? corner ?? dots) === undefined ? text : " ";
    addText(pieces, { x, look: fill + toFace(style), text: shown, columns });
    x += place.width;
  }
  return pieces
    .filter(({ text }) => text.trim() !== "")
    .map((piece) => drawPiece(piece, y + baseline, front.nameOf(piece.look)))
    .join("");
}

const underlineOf = ({ x, y, width, height }: Place): Place => ({ x, y: y + height - 3, width, height: 1 });

const dottedPen = `fill:none;stroke-width:2.4;stroke-linecap:round;stroke-dasharray:.01 ${cell.height / 4 - 0.01}`;

const toFace = ({ bold, italic }: CellStyle) =>
  `${bold ? ";font-weight:bold" : ""}${italic ? ";font-style:italic" : ""}`;

/** What looks the same goes together, but a sign that is not of this width in every font stays alone. */
function addText(pieces: Piece[], next: Piece): void {
  const last = pieces.at(-1);
  const goesOn = last !== undefined && isLatin(last.text) && isLatin(next.text);
  if (goesOn && (last.look === next.look || next.text === " ")) {
    last.text += next.text;
    last.columns += next.columns;
  } else pieces.push({ ...next });
}

const isLatin = (text: string) => /^[\x20-\u024f]*$/.test(text);

function drawPiece({ x, text, columns }: Piece, y: number, name: string): string {
  const before = text.length - text.trimStart().length;
  const shown = text.trim();
  const length = (columns - (text.length - shown.length)) * cell.width;
  const content = shown.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return `<text class="${name}" x="${round(x + before * cell.width)}" y="${y}" textLength="${length}">${content}</text>`;
}
