import type { View } from "./view.ts";

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** How the rows and columns of the terminal are shared out. */
export interface Layout {
  /** The page, titles of columns included. */
  readonly body: Size;
  /** What is told of the row under the cursor: below the list, or beside it where there is room. */
  readonly peek?: Size & { readonly at: "below" | "beside" };
}

export const leastSize: Size = { columns: 60, rows: 15 };

export const isTooSmall = ({ columns, rows }: Size): boolean =>
  columns < leastSize.columns || rows < leastSize.rows;

/** Header and rule above, rule, screens and keys below. */
const frameRows = 5;
const wide = 150;

export function layoutOf({ columns, rows }: Size, view: View): Layout {
  const height = Math.max(1, rows - frameRows);
  const isList = view.opened.length === 0;
  // The last column stays free, as the first does: rules and tables end there.
  const across = columns - 1;
  if (!isList) return { body: { columns: across, rows: height } };
  if (columns >= wide) {
    const side = Math.floor(columns * 0.38);
    return {
      body: { columns: across - side - 2, rows: height },
      peek: { at: "beside", columns: side, rows: height },
    };
  }
  if (rows < 20) return { body: { columns: across, rows: height } };
  // Of problems few are many, and each is to be read to its end.
  const least = view.onlyProblems ? 6 : 4;
  const below = rows >= 40 ? 10 : rows >= 30 ? 7 : least;
  return {
    body: { columns: across, rows: height - below - 1 },
    peek: { at: "below", columns: across, rows: below },
  };
}
