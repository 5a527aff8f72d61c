import { chosen } from "../screens/chosen-columns.ts";
import { screenNamed } from "../screens/screens.ts";
import { fit } from "../text/fit.ts";
import type { Look } from "../theme/look.ts";
import { cursorOf, markedRows, topOf } from "../view/move.ts";
import type { Entry } from "../view/rows.ts";
import { listOf, type Scene, type Stage, sceneLayout } from "../view/scene.ts";
import { rootOf } from "../view/view.ts";
import { inBrackets } from "./chosen.ts";
import { drawGroup, drawRow, drawTitles, type Fitted, fitColumns } from "./table.ts";

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

/** Those that fit. As wide as what is seen, and what comes next: else they would jump with every row. */
function columnsOf(scene: Scene, stage: Stage, seen: readonly Entry[]): readonly Fitted[] {
  const near = stage.shelf(scene).rows.slice(0, 200);
  const rows = seen.flatMap((entry) => (entry.type === "row" ? entry.row : []));
  const { columns } = sceneLayout(scene).body;
  const { lab, view } = scene;
  const all = chosen(listOf(view), view.screen, scene.columns);
  return fitColumns(all, [...near, ...rows], lab, columns, rootOf(view).list.sort);
}

/** The columns that are there to sort by. */
export const shownColumns = (scene: Scene, stage: Stage): readonly string[] =>
  columnsOf(scene, stage, []).map(({ column }) => column.title);

function emptyWords({ view }: Scene, total: number): string {
  if (total === 0) return listOf(view).empty;
  const { filter } = rootOf(view).list;
  if (view.onlyProblems && filter === "") return `None of ${total} has a problem.`;
  return `None of ${total} matches ${filter}${view.onlyProblems ? " and has a problem" : ""}.`;
}

/** Of a long one its beginning is enough to know that there is one. */
const mostOfFilter = 24;

/** Where in the list we are, and which of its views it is: `declared 3/14, 2 marked`. */
export function drawPlace(scene: Scene, stage: Stage, look: Look): string {
  const { view } = scene;
  const shelf = stage.shelf(scene);
  const { list, tab } = rootOf(view);
  const marked = markedRows(shelf, list).length;
  const { tabs } = screenNamed(view.screen);
  const parts = [
    ...(tabs.length > 1
      ? tabs.map(({ title }, index) =>
          index === tab ? look.paint("accent", inBrackets(title, look)) : look.paint("muted", title),
        )
      : []),
    look.paint("muted", `${cursorOf(shelf, list) + 1}/${shelf.rows.length}`),
    marked > 0 ? look.paint("accent", `${marked} marked`) : "",
    list.filter === "" ? "" : look.paint("match", fit(`/${list.filter}`, mostOfFilter, look.signs.ellipsis)),
  ];
  return parts.filter((part) => part !== "").join("  ");
}
