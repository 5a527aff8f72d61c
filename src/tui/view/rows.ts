import { textOf } from "../line.ts";
import type { List, Row } from "../screens/list.ts";
import { createFilter } from "./filter.ts";
import type { Lab } from "./lab.ts";
import type { ListState } from "./view.ts";

/** What a list shows from top to bottom: rows, and above each group its name. */
export type Entry =
  | { readonly type: "row"; readonly row: Row; readonly index: number }
  | { readonly type: "group"; readonly title: string; readonly size: number };

export interface Shelf {
  readonly entries: readonly Entry[];
  readonly rows: readonly Row[];
  /** Of how many before the filter. */
  readonly total: number;
  /** The entry of a row, by its place among the rows. */
  readonly entryOf: (index: number) => number;
}

type Question = readonly [
  lab: Lab,
  list: List,
  filter: string,
  sort: ListState["sort"],
  onlyProblems: boolean,
];

/** Sorts and filters anew only when something of it is another. */
export function createShelfReader(): (...question: Question) => Shelf {
  let before: Question | undefined;
  let shelf: Shelf | undefined;
  return (...question) => {
    if (shelf && before?.every((part, index) => part === question[index])) return shelf;
    before = question;
    shelf = readShelf(...question);
    return shelf;
  };
}

function readShelf(...[lab, list, filter, sort, onlyProblems]: Question): Shelf {
  const all = list.rows(lab);
  const matches = createFilter(filter);
  const rows = all.filter((row) => (!onlyProblems || isProblem(row)) && matches(row));
  const sorted = sort ? sortRows(rows, list, lab, sort) : rows;
  if (!list.groupOf) {
    const entries = sorted.map((row, index): Entry => ({ type: "row", row, index }));
    return { entries, rows: sorted, total: all.length, entryOf: (index) => index };
  }
  return { ...grouped(sorted, all, list.groupOf, lab), total: all.length };
}

const isProblem = ({ health }: Row) => health !== "ok" && health !== "unasked";

function sortRows(
  rows: readonly Row[],
  list: List,
  lab: Lab,
  { column, descending }: NonNullable<ListState["sort"]>,
): readonly Row[] {
  const found = list.columns.find(({ title }) => title === column);
  if (!found) return rows;
  const sortKey = (row: Row) => {
    if (found.by) return found.by(row, lab);
    const cell = found.cell(row, lab);
    const text = typeof cell === "string" ? cell : textOf(cell);
    return text === "" ? undefined : text;
  };
  const keyed = rows.map((row) => ({ row, value: sortKey(row) }));
  const direction = descending ? -1 : 1;
  return keyed
    .toSorted((a, b) => {
      // Nothing known is neither small nor large.
      if (a.value === undefined || b.value === undefined)
        return Number(a.value === undefined) - Number(b.value === undefined);
      return direction * compare(a.value, b.value);
    })
    .map(({ row }) => row);
}

const collator = new Intl.Collator("en", { numeric: true });

function compare(a: string | number, b: string | number): number {
  return typeof a === "number" && typeof b === "number" ? a - b : collator.compare(`${a}`, `${b}`);
}

/** Groups keep their order, whatever is left out of them. */
function grouped(
  rows: readonly Row[],
  all: readonly Row[],
  groupOf: NonNullable<List["groupOf"]>,
  lab: Lab,
): Omit<Shelf, "total"> {
  const groups = Map.groupBy(rows, (row) => groupOf(row, lab));
  const entries: Entry[] = [];
  const places: number[] = [];
  const ordered: Row[] = [];
  const order = rows.length === all.length ? groups.keys() : new Set(all.map((row) => groupOf(row, lab)));
  for (const title of order) {
    const members = groups.get(title);
    if (!members) continue;
    entries.push({ type: "group", title, size: members.length });
    for (const row of members) {
      places.push(entries.length);
      entries.push({ type: "row", row, index: ordered.length });
      ordered.push(row);
    }
  }
  return { entries, rows: ordered, entryOf: (index) => places[index] ?? 0 };
}
