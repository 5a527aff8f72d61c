import type { List } from "../screens/list.ts";
import { screenNamed } from "../screens/screens.ts";
import type { Look } from "../theme/look.ts";
import type { Lab } from "../view/lab.ts";
import { cursorOf, topOf } from "../view/move.ts";
import type { Shelf } from "../view/rows.ts";
import { listOf, type Scene, type Stage, sceneLayout } from "../view/scene.ts";
import { rootOf } from "../view/view.ts";
import { drawGroup, drawRow, drawTitles, fitColumns, measure, type Widths } from "./table.ts";

/** The list of the screen: titles, and as many rows as fit. */
export function drawList(scene: Scene, stage: Stage): readonly string[] {
  const { view, lab, look } = scene;
  const { columns: width, rows: height } = sceneLayout(scene).body;
  const list = listOf(view);
  const root = rootOf(view).list;
  const shelf = stage.shelf(scene);
  const top = topOf(shelf, root, height - 1);
  const cursor = cursorOf(shelf, root);
  const seen = shelf.entries.slice(top, top + height - 1);
  const rows = seen.flatMap((entry) => (entry.type === "row" ? entry.row : []));
  const columns = fitColumns(list, widest(firstWidths(shelf, list, lab), measure(list, rows, lab)), width);
  const titles = drawTitles(columns, look, root.sort);
  if (shelf.rows.length === 0)
    return [titles, "", `  ${look.paint("muted", emptyWords(scene, shelf.total))}`];
  const lines = seen.map((entry) =>
    entry.type === "group"
      ? drawGroup(entry, width, look)
      : drawRow(entry.row, columns, lab, look, {
          isSelected: entry.index === cursor,
          isMarked: root.marked.has(entry.row.key),
          isChanged: scene.changes.has(entry.row.key),
        }),
  );
  return [titles, ...lines];
}

const known = new WeakMap<Shelf, Widths>();

/** Columns are as wide as what is seen and the first rows: else they would jump with every row. Measured once, not with every key. */
function firstWidths(shelf: Shelf, list: List, lab: Lab): Widths {
  const widths = known.get(shelf) ?? measure(list, shelf.rows.slice(0, 200), lab);
  known.set(shelf, widths);
  return widths;
}

const widest = (some: Widths, others: Widths): Widths =>
  some.map((width, index) => Math.max(width, others[index] ?? 0));

function emptyWords({ view }: Scene, total: number): string {
  if (total === 0) return listOf(view).empty;
  const { filter } = rootOf(view).list;
  if (view.onlyProblems && filter === "") return `None of ${total} has a problem.`;
  return `None of ${total} matches ${filter}${view.onlyProblems ? " and has a problem" : ""}.`;
}

/** Which of its views a list is, and where in it we are: `all  declared` and `2 marked  3/14`. */
export function drawPlace(scene: Scene, stage: Stage, look: Look): readonly [view: string, at: string] {
  const { view } = scene;
  const shelf = stage.shelf(scene);
  const { list, tab } = rootOf(view);
  const { tabs } = screenNamed(view.screen);
  const views = [
    ...(tabs.length > 1
      ? tabs.map(({ title }, index) =>
          index === tab ? look.paint("accent", title) : look.paint("muted", title),
        )
      : []),
    list.filter === "" ? "" : look.paint("match", `/${list.filter}`),
  ];
  const at = [
    list.marked.size > 0 ? look.paint("accent", `${list.marked.size} marked`) : "",
    look.paint("muted", `${cursorOf(shelf, list) + 1}/${shelf.rows.length}`),
  ];
  return [joined(views), joined(at)];
}

const joined = (parts: readonly string[]) => parts.filter((part) => part !== "").join("  ");
