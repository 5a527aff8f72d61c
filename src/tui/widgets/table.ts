import type { Line, Span } from "../line.ts";
import { isGrey } from "../screens/freshness.ts";
import type { Column, Row } from "../screens/list.ts";
import { fit } from "../text/fit.ts";
import { width as widthOf } from "../text/width.ts";
import type { Look } from "../theme/look.ts";
import type { Lab } from "../view/lab.ts";
import type { Entry } from "../view/rows.ts";
import type { ListState } from "../view/view.ts";

/** Which columns fit, and how wide each is. */
export interface Fitted {
  readonly column: Column;
  readonly width: number;
}

const gap = 2;
/** Pointer and mark before each row. */
export const gutter = 2;
const leastFlexible = 16;
/**
 * Of the width, where its content needs that: why something is wrong matters more than one number more, and less than
 * what stands beside it last, such as how old that is.
 */
const shares = { ofMany: 0.4, ofLast: 1 / 3 };

/** How wide the content of each column is. */
export type Widths = readonly number[];

/** Of text that is wider than the screen, no more is measured than fits. */
export const measure = (columns: readonly Column[], rows: readonly Row[], lab: Lab, room: number): Widths =>
  columns.map((column) =>
    rows.reduce((most, row) => Math.max(most, cellWidth(column.cell(row, lab), room)), 0),
  );

/** Lays out for that content: columns without any are absent, those of high rank go first. */
export function fitColumns(
  columns: readonly Column[],
  contents: Widths,
  width: number,
  sort?: ListState["sort"],
): readonly Fitted[] {
  const room = width - gutter;
  const isEmpty = contents.every((content) => content === 0);
  const measured = columns.flatMap((column, index): Fitted[] => {
    const content = contents[index] ?? 0;
    if (content === 0 && column.rank > 0 && !isEmpty) return [];
    const title = widthOf(column.title) + (sort?.column === column.title ? 1 : 0);
    return [{ column, width: Math.max(content, title) }];
  });
  const isFlexible = ({ column }: Fitted) => column.flexible === true;
  let kept = measured;
  const shareOf = ({ whole }: Column) => {
    if (kept.every(({ column }) => column.rank < 2)) return shares.ofLast;
    return whole ? 1 : shares.ofMany;
  };
  const least = (each: Fitted) => {
    const enough = Math.max(leastFlexible, Math.floor(width * shareOf(each.column)));
    return isFlexible(each) ? Math.min(each.width, enough) : each.width;
  };
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

const cellWidth = (cell: string | Line, room: number): number =>
  typeof cell === "string"
    ? near(cell, room)
    : cell.reduce((sum, part) => sum + ("text" in part ? near(part.text, room) : 1), 0);

/** Nobody measures the rest of what is far too long. */
const near = (text: string, room: number): number =>
  widthOf(text.length > room * 2 ? text.slice(0, room * 2) : text);

export function drawTitles(columns: readonly Fitted[], look: Look, sort?: ListState["sort"]): string {
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
  const isOld = row.seen !== undefined && isGrey(row.seen, lab);
  /** Of what has no colour of its own. */
  const tokenAt = (index: number, { flexible }: Column) => {
    if (index === 0) return isSelected ? "selected" : undefined;
    if (isChanged && flexible) return "changed";
    return isOld ? "muted" : undefined;
  };
  const cells = columns.map(({ column, width }, index) => {
    const cell = column.cell(row, lab);
    const spans: Line = typeof cell === "string" ? [{ text: cell }] : cell;
    const drawn = drawLine(spans, width, look, tokenAt(index, column));
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
  const rest = Math.max(0, width - widthOf(title) - 3);
  return `${look.paint("border", `${rule} `)}${look.paint("title", title)}${look.paint("border", ` ${rule.repeat(rest)}`)}`;
}
