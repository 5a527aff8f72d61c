import type { Line, Shown } from "../line.ts";
import type { Lab, Ref } from "../view/lab.ts";
import type { Seen } from "./freshness.ts";

/** One thing in a list. */
export interface Row {
  /** Unique in its list, and the same as long as it is the same thing. */
  readonly key: string;
  /** What opens. */
  readonly ref?: Ref;
  readonly kind: string;
  readonly host: string;
  readonly name: string;
  readonly health: Shown;
  /** Why it is not well; what the filter looks at beside the name. */
  readonly reason?: string;
  /** When that was answered; absent for what no host tells. */
  readonly seen?: Seen;
  readonly item: unknown;
}

export interface Column {
  readonly title: string;
  readonly cell: (row: Row, lab: Lab) => string | Line;
  readonly align?: "right";
  /** Takes the room that is left, and is cut first. One a list. */
  readonly flexible?: true;
  /** The flexible one is cut only after all others have gone but those of rank 0 and 1. */
  readonly whole?: true;
  /** Where room is short those with the highest number are left out first. 0 never is. */
  readonly rank: number;
  /** What it is sorted by; its text when absent. Undefined goes last. */
  readonly by?: (row: Row, lab: Lab) => string | number | undefined;
}

/** A list of a screen: one tab of it. */
export interface List {
  readonly id: string;
  readonly title: string;
  readonly rows: (lab: Lab) => readonly Row[];
  readonly columns: readonly Column[];
  /** Rows of a group stand together under its name. */
  readonly groupOf?: (row: Row, lab: Lab) => string;
  /** What is said where there is nothing. */
  readonly empty: string;
  /** What stands in its place where only problems are wanted; its own rows that are not well else. */
  readonly problems?: List;
}

interface ColumnOf<Item> extends Omit<Column, "cell" | "by"> {
  readonly cell: (item: Item, lab: Lab) => string | Line;
  readonly by?: (item: Item, lab: Lab) => string | number | undefined;
}

interface ListOf<Item> extends Omit<List, "rows" | "columns" | "groupOf"> {
  readonly rows: (lab: Lab) => readonly Item[];
  readonly toRow: (item: Item, lab: Lab) => Omit<Row, "item">;
  readonly columns: readonly ColumnOf<Item>[];
  readonly groupOf?: (item: Item, lab: Lab) => string;
}

/** A list knows its own items; whoever draws, sorts and filters sees rows. */
export function defineList<Item>({ rows, toRow, columns, groupOf, ...rest }: ListOf<Item>): List {
  // Every row of a list was made by it: the cast holds.
  const itemOf = ({ item }: Row) => item as Item;
  return {
    ...rest,
    rows: (lab) => rows(lab).map((item) => ({ ...toRow(item, lab), item })),
    columns: columns.map(({ cell, by, ...column }) => ({
      ...column,
      cell: (row: Row, lab: Lab) => cell(itemOf(row), lab),
      ...(by ? { by: (row: Row, lab: Lab) => by(itemOf(row), lab) } : {}),
    })),
    ...(groupOf ? { groupOf: (row: Row, lab: Lab) => groupOf(itemOf(row), lab) } : {}),
  };
}
