import { chosen } from "../screens/chosen-columns.ts";
import type { Column } from "../screens/list.ts";
import { screenNamed } from "../screens/screens.ts";
import { fit } from "../text/fit.ts";
import type { Look } from "../theme/look.ts";
import { whyNotFilter } from "../view/filter.ts";
import { cursorOf, markedRows, topOf } from "../view/move.ts";
import type { Entry, Shelf } from "../view/rows.ts";
import { listOf, type Scene, type Stage, sceneLayout } from "../view/scene.ts";
import { rootOf } from "../view/view.ts";
import { inBrackets } from "./chosen.ts";
import { drawGroup, drawRow, drawTitles, type Fitted, fitColumns, measure, type Widths } from "./table.ts";

/** The list of the screen: titles, and as many rows as fit. */
export function drawList(scene: Scene, stage: Stage): readonly string[] {
  const { view, lab, look } = scene;
  const { columns: width, rows: height } = sceneLayout(scene).body;
  const root = rootOf(view).list;
  const shelf = stage.shelf(scene);
  const top = topOf(shelf, root, height - 1);
  const cursor = cursorOf(shelf, root);
  const seen = shelf.entries.slice(top, top + height - 1);
  const columns = columnsOf(scene, stage, seen);
  const titles = drawTitles(columns, look, root.sort);
  if (shelf.rows.length === 0)
    return [
      titles,
      "",
      `  ${look.paint("muted", fit(emptyWords(scene, shelf.total), width - 2, look.signs.ellipsis))}`,
    ];
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

/** Those that fit. As wide as what is seen and the first rows: else they would jump with every row. */
function columnsOf(scene: Scene, stage: Stage, seen: readonly Entry[]): readonly Fitted[] {
  const { lab, view } = scene;
  const { columns: width } = sceneLayout(scene).body;
  const columns = chosen(listOf(view), view.screen, scene.columns);
  const rows = seen.flatMap((entry) => (entry.type === "row" && entry.index >= firstRows ? entry.row : []));
  const first = firstWidths(stage.shelf(scene), columns, scene);
  const here = measure(columns, rows, lab, width);
  const contents = first.map((most, index) => Math.max(most, here[index] ?? 0));
  return fitColumns(columns, contents, width, rootOf(view).list.sort);
}

interface Measured {
  readonly columns: readonly Column[];
  readonly width: number;
  readonly widths: Widths;
}

const known = new WeakMap<Shelf, Measured>();
const firstRows = 200;

/** Measured once, not with every key. */
function firstWidths(shelf: Shelf, columns: readonly Column[], scene: Scene): Widths {
  const { columns: width } = sceneLayout(scene).body;
  const before = known.get(shelf);
  if (before?.width === width && before.columns.every((column, index) => column === columns[index]))
    return before.widths;
  const widths = measure(columns, shelf.rows.slice(0, firstRows), scene.lab, width);
  known.set(shelf, { columns, width, widths });
  return widths;
}

/** The columns that are there to sort by. */
export const shownColumns = (scene: Scene, stage: Stage): readonly string[] =>
  columnsOf(scene, stage, []).map(({ column }) => column.title);

function emptyWords({ view, lab }: Scene, total: number): string {
  const { filter } = rootOf(view).list;
  const wrong = whyNotFilter(filter, lab.hosts.keys());
  if (wrong !== undefined) return wrong;
  if (total === 0) return listOf(view).empty;
  if (view.onlyProblems && filter === "") return `None of ${total} has a problem.`;
  return `None of ${total} matches ${filter}${view.onlyProblems ? " and has a problem" : ""}.`;
}

/** Of a long one its beginning is enough to know that there is one. */
const mostOfFilter = 24;

/** Which of its views a list is, and where in it we are: `all  declared` and `2 marked  3/14`. */
export function drawPlace(scene: Scene, stage: Stage, look: Look): readonly [view: string, at: string] {
  const { view } = scene;
  const shelf = stage.shelf(scene);
  const { list, tab } = rootOf(view);
  const marked = markedRows(shelf, list).length;
  const { tabs } = screenNamed(view.screen);
  const views = [
    ...(tabs.length > 1
      ? tabs.map(({ title }, index) =>
          index === tab ? look.paint("accent", inBrackets(title, look)) : look.paint("muted", title),
        )
      : []),
    list.filter === "" ? "" : look.paint("match", fit(`/${list.filter}`, mostOfFilter, look.signs.ellipsis)),
  ];
  const at = [
    marked > 0 ? look.paint("accent", `${marked} marked`) : "",
    look.paint("muted", `${cursorOf(shelf, list) + 1}/${shelf.rows.length}`),
  ];
  return [joined(views), joined(at)];
}

const joined = (parts: readonly string[]) => parts.filter((part) => part !== "").join("  ");
