import { stripVTControlCharacters } from "node:util";
import Table from "cli-table3";
import type { Style } from "./style.ts";

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
  /** Where room is short this one is cut, then others are left out from the right. */
  readonly flexible?: boolean;
  readonly align?: "right";
}

const bare = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

/** A table without lines, one row a line, no wider than the screen. Columns without any content are left out. */
export function drawTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[], style: Style): string {
  const filled = columns
    .map((column) => ({ column, cells: rows.map((row) => column.cell(row)) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ""));
  const widths = toWidths(filled.map(toWidth), style.columns);
  const shown = filled.slice(0, widths.length);
  const table = new Table({
    chars: bare,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
    head: shown.map(({ column }) => style.muted(column.title)),
    colWidths: widths,
    colAligns: shown.map(({ column }) => column.align ?? "left"),
    truncate: style.ellipsis,
  });
  for (const index of rows.keys()) table.push(shown.map(({ cells }) => cells[index] ?? ""));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

interface Width {
  readonly width: number;
  readonly flexible: boolean;
}

function toWidth<Row>({ column, cells }: { column: Column<Row>; cells: readonly string[] }): Width {
  const width = Math.max(column.title.length, ...cells.map((cell) => stripVTControlCharacters(cell).length));
  return { width, flexible: column.flexible ?? false };
}

const leastFlexible = 24;

/** Cuts the flexible column first, but not to nothing, then drops columns from the right. */
function toWidths(wanted: readonly Width[], columns: number): number[] {
  const gap = 2;
  const total = (widths: readonly number[]) => widths.reduce((sum, width) => sum + width + gap, -gap);
  for (let count = wanted.length; count > 1; count -= 1) {
    const some = wanted.slice(0, count);
    const widths = some.map(({ width }) => width);
    const over = total(widths) - columns;
    if (over <= 0) return widths;
    const cut = some.findIndex(({ flexible, width }) => flexible && width - over >= leastFlexible);
    if (cut >= 0) return widths.with(cut, (widths[cut] ?? 0) - over);
  }
  return [Math.min(wanted[0]?.width ?? 0, columns)];
}
