import type { Row } from "../screens/list.ts";
import type { Shelf } from "./rows.ts";
import type { ListState } from "./view.ts";

/** Where the cursor is among the rows as they are now: on its row, or at the height where that was. -1 in an empty list. */
export function cursorOf({ rows }: Shelf, { selected, index }: ListState): number {
  if (rows.length === 0) return -1;
  const near = Math.min(Math.max(index, 0), rows.length - 1);
  if (selected === undefined || rows[near]?.key === selected) return near;
  const at = rows.findIndex(({ key }) => key === selected);
  return at === -1 ? near : at;
}

/** The first entry to show so that the cursor is on the screen, as near as can be to where it was. */
export function topOf(shelf: Shelf, list: ListState, height: number): number {
  const cursor = cursorOf(shelf, list);
  const at = cursor === -1 ? 0 : shelf.entryOf(cursor);
  // With the first row of a group its name is shown as well.
  const upper = shelf.entries[at - 1]?.type === "group" ? at - 1 : at;
  const most = Math.max(0, shelf.entries.length - height);
  return Math.min(Math.max(Math.min(list.top, upper), at - height + 1), most);
}

/** Moves the cursor by so many rows and scrolls along. */
export function moveBy(shelf: Shelf, list: ListState, by: number, height: number): ListState {
  return moveTo(shelf, list, cursorOf(shelf, list) + by, height);
}

export function moveTo(shelf: Shelf, list: ListState, index: number, height: number): ListState {
  const to = Math.min(Math.max(index, 0), shelf.rows.length - 1);
  const row = shelf.rows[to];
  if (!row) return list;
  const moved = { ...list, index: to, selected: row.key };
  return { ...moved, top: topOf(shelf, moved, height) };
}

/** Marks the row under the cursor, or takes its mark away, and goes on to the next. */
export function mark(shelf: Shelf, list: ListState, height: number): ListState {
  const row = shelf.rows[cursorOf(shelf, list)];
  if (!row) return list;
  const marked = new Set(list.marked);
  if (!marked.delete(row.key)) marked.add(row.key);
  return moveBy(shelf, { ...list, marked, anchor: row.key }, 1, height);
}

/** Of what is marked, what is in this list now: the marks of another tab wait there. */
export const markedRows = ({ rows }: Shelf, { marked }: ListState): readonly Row[] =>
  marked.size === 0 ? [] : rows.filter(({ key }) => marked.has(key));

/** Marks everything between the last mark and the cursor. */
export function markRange(shelf: Shelf, list: ListState): ListState {
  const to = cursorOf(shelf, list);
  const from = shelf.rows.findIndex(({ key }) => key === list.anchor);
  if (to === -1) return list;
  const [first, last] = from === -1 ? [to, to] : [Math.min(from, to), Math.max(from, to)];
  const keys = shelf.rows.slice(first, last + 1).map(({ key }) => key);
  const { key: anchor } = shelf.rows[to] ?? {};
  return { ...list, marked: new Set([...list.marked, ...keys]), ...(anchor === undefined ? {} : { anchor }) };
}

export function invertMarks({ rows }: Shelf, list: ListState): ListState {
  return { ...list, marked: new Set(rows.map(({ key }) => key).filter((key) => !list.marked.has(key))) };
}

/** Up, down, and back to the order of the list, one column after the other. */
export function sortByNext(columns: readonly string[], list: ListState): ListState {
  const { sort, ...rest } = list;
  if (!sort) return { ...rest, sort: { column: columns[0] ?? "", descending: false } };
  if (!sort.descending) return { ...rest, sort: { ...sort, descending: true } };
  const next = columns[columns.indexOf(sort.column) + 1];
  return next === undefined ? rest : { ...rest, sort: { column: next, descending: false } };
}
