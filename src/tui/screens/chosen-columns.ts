import { UsageError } from "../../errors.ts";
import type { Column, List } from "./list.ts";
import { screens } from "./screens.ts";

/** For each screen the titles of the columns that the user wants, in their order. */
export type ChosenColumns = Readonly<Record<string, readonly string[]>>;

/** Those of the list that were chosen for its screen; all of them where nobody chose, or where it is not one of its tabs. */
export function chosen(list: List, screen: string, columns: ChosenColumns): readonly Column[] {
  const titles = columns[screen];
  const isTab = screens.some(({ id, tabs }) => id === screen && tabs.includes(list));
  if (!titles || !isTab) return list.columns;
  const found = titles.flatMap((title) => list.columns.find((column) => column.title === title) ?? []);
  // A tab that has none of them would be empty.
  return found.length === 0 ? list.columns : found;
}

/** Throws `UsageError` for a title that no list of the screen has. */
export function checkColumns(columns: ChosenColumns, file: string): void {
  for (const [id, titles] of Object.entries(columns)) {
    const tabs = screens.find((screen) => screen.id === id)?.tabs ?? [];
    const known = [...new Set(tabs.flatMap((tab) => tab.columns.map(({ title }) => title)))];
    const wrong = titles.find((title) => !known.includes(title));
    if (wrong !== undefined)
      throw new UsageError(`${file}: columns: ${id}: there is no column ${wrong}`, {
        hint: `The columns of ${id} are ${known.join(", ")}`,
      });
  }
}
