import type { ActionId } from "../input/actions.ts";
import { screenNamed } from "../screens/screens.ts";
import { createFilter } from "../view/filter.ts";
import { cursorOf, invertMarks, mark, markRange, moveBy, moveTo, sortByNext } from "../view/move.ts";
import { listHeight, type Scene, type Stage, sceneLayout } from "../view/scene.ts";
import {
  type ListState,
  pageOf,
  rootOf,
  textStateOf,
  type View,
  withList,
  withTextState,
} from "../view/view.ts";
import { shownColumns } from "../widgets/list-pane.ts";
import { countSeen, isMatch } from "../widgets/text-pane.ts";
import { clampTop, opensAt, pageLines } from "../widgets/thing-pane.ts";

/** Moves on whatever is shown. Undefined when the action is not about that. */
export function moved(action: ActionId, scene: Scene, stage: Stage): View | undefined {
  if (textStateOf(scene.view)) return movedText(action, scene, stage);
  if (pageOf(scene.view)) return movedThing(action, scene, stage);
  return movedList(action, scene, stage);
}

function movedList(action: ActionId, scene: Scene, stage: Stage): View | undefined {
  const { view } = scene;
  const shelf = stage.shelf(scene);
  const { list } = rootOf(view);
  const height = listHeight(scene);
  const to = (next: ListState) => withList(view, next);
  switch (action) {
    case "move.down":
      return to(moveBy(shelf, list, 1, height));
    case "move.up":
      return to(moveBy(shelf, list, -1, height));
    case "move.page-down":
      return to(moveBy(shelf, list, height - 1, height));
    case "move.page-up":
      return to(moveBy(shelf, list, 1 - height, height));
    case "move.top":
      return to(moveTo(shelf, list, 0, height));
    case "move.bottom":
      return to(moveTo(shelf, list, shelf.rows.length - 1, height));
    case "mark.toggle":
      return to(mark(shelf, list, height));
    case "mark.range":
      return to(markRange(shelf, list));
    case "mark.invert":
      return to(invertMarks(shelf, list));
    case "list.sort":
      // Who never moved looks at a row all the same.
      return to(sortByNext(shownColumns(scene, stage), moveBy(shelf, list, 0, height)));
    case "list.reverse":
      return to(list.sort ? { ...list, sort: { ...list.sort, descending: !list.sort.descending } } : list);
    case "find.next":
      return toMatch(scene, stage, 1);
    case "find.previous":
      return toMatch(scene, stage, -1);
    case "go.next-tab":
    case "go.next-pane":
      return withTab(scene, 1);
    case "go.previous-tab":
    case "go.previous-pane":
      return withTab(scene, -1);
    default:
      return undefined;
  }
}

/** To the next row that was looked for. While it is filtered for that, every row is one. */
function toMatch(scene: Scene, stage: Stage, by: 1 | -1): View {
  const { view } = scene;
  const { list } = rootOf(view);
  const { sought = list.filter } = list;
  const matches = createFilter(sought);
  const shelf = stage.shelf(scene);
  const say = (text: string): View => ({ ...view, notice: { text, isBad: false } });
  if (sought === "") return say("Nothing was looked for.");
  for (let at = cursorOf(shelf, list) + by; at >= 0 && at < shelf.rows.length; at += by) {
    const row = shelf.rows[at];
    if (row && matches(row)) return withList(view, moveTo(shelf, list, at, listHeight(scene)));
  }
  return say(`no other row ${by === 1 ? "below" : "above"} matches ${sought}`);
}

function withTab({ view }: Scene, by: number): View {
  const root = rootOf(view);
  const count = Math.max(1, screenNamed(view.screen).tabs.length);
  const tab = (root.tab + by + count) % count;
  // Another view of the same: what is filtered stays, where the cursor was does not.
  const { selected: _, sort: __, ...list } = root.list;
  return { ...view, roots: { ...view.roots, [view.screen]: { tab, list: { ...list, index: 0, top: 0 } } } };
}

function movedThing(action: ActionId, scene: Scene, stage: Stage): View | undefined {
  const { view } = scene;
  const page = pageOf(view);
  if (!page || page.kind === "text") return undefined;
  const lines = pageLines(page, scene, stage);
  const opens = opensAt(lines);
  const height = sceneLayout(scene).body.rows - 1;
  const to = (top: number, cursor = page.cursor): View => ({
    ...view,
    opened: [
      ...view.opened.slice(0, -1),
      { ...page, cursor: clamp(cursor, opens.length), top: clampTop(top, lines.length, height) },
    ],
  });
  /** To the next line that opens something, unless more of the page has to be read before. */
  const step = (by: 1 | -1): View => {
    const cursor = clamp(page.cursor + by, opens.length);
    const at = opens[cursor];
    const isNear = at !== undefined && at >= page.top - 1 && at <= page.top + height;
    if (cursor === page.cursor || !isNear) return to(page.top + by, page.cursor);
    if (at < page.top) return to(at, cursor);
    return to(at >= page.top + height ? at - height + 1 : page.top, cursor);
  };
  switch (action) {
    case "move.down":
      return step(1);
    case "move.up":
      return step(-1);
    case "move.page-down":
      return to(page.top + height);
    case "move.page-up":
      return to(page.top - height);
    case "move.top":
      return to(0, 0);
    case "move.bottom":
      return to(lines.length, opens.length - 1);
    default:
      return undefined;
  }
}

const clamp = (index: number, count: number) => Math.max(0, Math.min(index, count - 1));

function movedText(action: ActionId, scene: Scene, stage: Stage): View | undefined {
  const { view } = scene;
  const text = textStateOf(view);
  const buffer = text && stage.texts.get(text.source);
  if (!text || !buffer) return undefined;
  const total = buffer.lines().length;
  const seen = (from: number, step: 1 | -1) => countSeen(text, scene, stage, from, step);
  // One line may be higher than the screen.
  const last = Math.max(0, Math.min(total - seen(total - 1, -1), total - 1));
  const at = text.top ?? last;
  const follow = (): View => {
    const { top: _, ...rest } = text;
    return withTextState(view, rest);
  };
  // At the end it follows again, as `less +F` and every pager of logs does.
  const to = (top: number): View =>
    top >= last ? follow() : withTextState(view, { ...text, top: Math.max(0, top) });
  const found = (by: 1 | -1): View => {
    const lines = buffer.lines();
    for (let line = at + by; line >= 0 && line < total; line += by)
      if (isMatch(lines[line]?.text ?? "", text.search)) return withTextState(view, { ...text, top: line });
    const where = by === 1 ? "below" : "above";
    const words =
      text.search === "" ? "Nothing is searched for." : `no other line ${where} has ${text.search}`;
    return { ...view, notice: { text: words, isBad: false } };
  };
  switch (action) {
    case "move.down":
      return to(at + 1);
    case "move.up":
      return to(at - 1);
    case "move.page-down":
      return to(at + Math.max(1, seen(at, 1)));
    case "move.page-up":
      return to(at - Math.max(1, seen(at - 1, -1)));
    case "move.top":
      return to(0);
    case "move.bottom":
      return follow();
    case "log.follow":
      return text.top === undefined ? to(last - 1) : follow();
    case "log.wrap":
      return withTextState(view, { ...text, wrap: !text.wrap });
    case "log.times":
      return withTextState(view, { ...text, times: !text.times });
    case "find.next":
      return found(1);
    case "find.previous":
      return found(-1);
    default:
      return undefined;
  }
}
