import { cursorOf, moveTo } from "../view/move.ts";
import { listHeight } from "../view/scene.ts";
import { rootOf, withList } from "../view/view.ts";
import type { Desk } from "./desk.ts";

/** The cursor stays on its row, or goes to the first of the same host where that has no row. */
export function toggleProblems({ now, look, stage }: Desk) {
  const { list } = rootOf(now().view);
  const shelf = stage.shelf(now());
  const before = shelf.rows[cursorOf(shelf, list)];
  look((view) => ({ ...view, onlyProblems: !view.onlyProblems }));
  if (!before) return;
  const after = stage.shelf(now());
  const same = after.rows.findIndex(({ key }) => key === before.key);
  const near = same === -1 ? after.rows.findIndex(({ host }) => host === before.host) : same;
  look((view) => withList(view, moveTo(after, list, near === -1 ? 0 : near, listHeight(now()))));
}
