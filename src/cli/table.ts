import { stripVTControlCharacters } from "node:util";
import Table from "cli-table3";
import type { Style } from "./style.ts";

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
  /** Where room is short this one is cut, then others are left out from the right. */
  readonly flexible?: boolean;
  /** Never left out: without it a line says nothing. */
  readonly essential?: boolean;
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
  const fitting = layOut(filled.map(toWidth), style.columns);
  const shown = fitting.flatMap(({ index }) => filled[index] ?? []);
  const table = new Table({
    chars: bare,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
    head: shown.map(({ column }) => style.muted(column.title)),
    colWidths: fitting.map(({ width }) => width),
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
  /** Which of the columns it is of. */
  readonly index: number;
  readonly width: number;
  readonly flexible: boolean;
  readonly essential: boolean;
}

function toWidth<Row>(
  { column, cells }: { column: Column<Row>; cells: readonly string[] },
  index: number,
): Width {
  const width = Math.max(column.title.length, ...cells.map((cell) => stripVTControlCharacters(cell).length));
  return { index, width, flexible: column.flexible ?? false, essential: column.essential ?? false };
}

const gap = 2;
const leastFlexible = 24;

/** Cuts the flexible column first, but not to nothing, then drops columns from the right, then cuts the widest. */
function layOut(wanted: readonly Width[], columns: number): readonly Width[] {
  const over = wanted.reduce((sum, { width }) => sum + width + gap, -gap) - columns;
  if (over <= 0) return wanted;
  const flexible = wanted.findIndex((column) => column.flexible && column.width - over >= leastFlexible);
  if (flexible >= 0) return narrowed(wanted, flexible, over);
  const dropped = wanted.findLastIndex(({ essential }) => !essential);
  if (dropped >= 0 && wanted.length > 1) return layOut(wanted.toSpliced(dropped, 1), columns);
  const widest = Math.max(...wanted.map(({ width }) => width));
  return narrowed(
    wanted,
    wanted.findIndex(({ width }) => width === widest),
    over,
  );
}

const narrowed = (columns: readonly Width[], at: number, by: number): readonly Width[] =>
  columns.map((column, index) =>
    index === at ? { ...column, width: Math.max(1, column.width - by) } : column,
  );
