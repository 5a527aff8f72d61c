import type { Line, Span } from "../line.ts";
import type { Column, List, Row } from "../screens/list.ts";
import { fit } from "../text/fit.ts";
import { width as widthOf } from "../text/width.ts";
import type { Look } from "../theme/look.ts";
import type { Lab } from "../view/lab.ts";
import type { Entry } from "../view/rows.ts";

/** Which columns fit, and how wide each is. */
export interface Fitted {
  readonly column: Column;
  readonly width: number;
}

const gap = 2;
/** Pointer and mark before each row. */
export const gutter = 2;
const leastFlexible = 16;

/** How wide the content of each column of a list is. */
export type Widths = readonly number[];

export const measure = (list: List, rows: readonly Row[], lab: Lab): Widths =>
  list.columns.map((column) =>
    rows.reduce((most, row) => Math.max(most, cellWidth(column.cell(row, lab))), 0),
  );

/** Lays out for that content: columns without any are absent, those of high rank go first. */
export function fitColumns(list: List, contents: Widths, width: number): readonly Fitted[] {
  const room = width - gutter;
  const isEmpty = contents.every((content) => content === 0);
  const measured = list.columns.flatMap((column, index): Fitted[] => {
    const content = contents[index] ?? 0;
    if (content === 0 && column.rank > 0 && !isEmpty) return [];
    return [{ column, width: Math.max(content, widthOf(column.title)) }];
  });
  const isFlexible = ({ column }: Fitted) => column.flexible === true;
  const least = (each: Fitted) => (isFlexible(each) ? Math.min(each.width, leastFlexible) : each.width);
  let kept = measured;
  const needed = () => kept.reduce((sum, each) => sum + least(each) + gap, -gap);
  while (needed() > room && kept.some(({ column }) => column.rank > 0)) {
    const highest = Math.max(...kept.map(({ column }) => column.rank));
    const last = kept.findLastIndex(({ column }) => column.rank === highest);
    kept = kept.filter((_, index) => index !== last);
  }
  const fixed = kept.filter((each) => !isFlexible(each)).reduce((sum, each) => sum + each.width + gap, 0);
  const spare = Math.max(0, room - fixed);
  return kept.map(({ column, width: own }) => ({
    column,
    width: column.flexible ? Math.max(0, Math.min(Math.max(own, leastFlexible), spare)) : Math.min(own, room),
  }));
}

const cellWidth = (cell: string | Line): number =>
  typeof cell === "string"
    ? widthOf(cell)
    : cell.reduce((sum, part) => sum + ("text" in part ? widthOf(part.text) : 1), 0);

export function drawTitles(
  columns: readonly Fitted[],
  look: Look,
  sort?: { readonly column: string; readonly descending: boolean },
): string {
  const titles = columns.map(({ column, width }) => {
    const arrow = sort?.column === column.title ? (sort.descending ? look.signs.down : look.signs.up) : "";
    return place(
      look.paint("muted", fit(`${column.title}${arrow}`, width, "")),
      widthOf(column.title) + widthOf(arrow),
      width,
      column.align,
    );
  });
  return trimmed(" ".repeat(gutter) + titles.join(" ".repeat(gap)));
}

export interface RowLook {
  readonly isSelected: boolean;
  readonly isMarked: boolean;
  readonly isChanged: boolean;
}

export function drawRow(
  row: Row,
  columns: readonly Fitted[],
  lab: Lab,
  look: Look,
  { isSelected, isMarked, isChanged }: RowLook,
): string {
  const { signs, paint } = look;
  const pointer = isSelected ? paint("focus", signs.pointer) : " ";
  const marked = isMarked ? paint("accent", signs.marked) : " ";
  const cells = columns.map(({ column, width }, index) => {
    const cell = column.cell(row, lab);
    const spans: Line = typeof cell === "string" ? [{ text: cell }] : cell;
    const token =
      index === 0 && isSelected ? "selected" : isChanged && column.flexible ? "changed" : undefined;
    const drawn = drawLine(spans, width, look, token);
    return place(drawn.text, drawn.width, width, column.align);
  });
  return trimmed(pointer + marked + cells.join(" ".repeat(gap)));
}

/** A line in at most that many columns. `token` is for what has none of its own. */
export function drawLine(
  spans: Line,
  width: number,
  look: Look,
  token?: Parameters<Look["paint"]>[0],
): { readonly text: string; readonly width: number } {
  let left = width;
  let text = "";
  for (const part of spans) {
    if (left <= 0) break;
    const [drawn, used] = drawSpan(part, left, look, token);
    text += drawn;
    left -= used;
  }
  return { text, width: width - left };
}

function drawSpan(
  part: Span,
  width: number,
  look: Look,
  fallback: Parameters<Look["paint"]>[0] | undefined,
): [text: string, width: number] {
  if ("sign" in part) return [look.state(part.sign), 1];
  const text = fit(part.text, width, look.signs.ellipsis);
  const token = part.token ?? fallback;
  return [token === undefined ? text : look.paint(token, text), widthOf(text)];
}

function place(drawn: string, used: number, width: number, align: "right" | undefined): string {
  const padding = " ".repeat(Math.max(0, width - used));
  return align === "right" ? padding + drawn : drawn + padding;
}

/** What nobody sees is not sent. */
const trimmed = (text: string) => text.replace(/ +$/, "");

export function drawGroup(entry: Extract<Entry, { type: "group" }>, width: number, look: Look): string {
  const title = fit(entry.title, Math.max(0, width - 6), look.signs.ellipsis);
  const { rule } = look.signs;
  const rest = Math.max(0, width - widthOf(title) - 4);
  return `${look.paint("border", `${rule} `)}${look.paint("title", title)}${look.paint("border", ` ${rule.repeat(rest)}`)}`;
}
