import type { Input } from "../terminal/key-parser.ts";
import { cursorOf, moveTo, topOf } from "../view/move.ts";
import { listHeight, type Scene, type Stage, sceneLayout } from "../view/scene.ts";
import { pageOf, rootOf, type View, withList } from "../view/view.ts";
import { moved } from "./move-acts.ts";

type Mouse = Extract<Input, { type: "mouse" }>;

/** Header, rule and titles are above the first row. */
const above = 3;
const wheelUp = 64;
const wheelDown = 65;

/** The wheel moves; a click selects a row, and opens the one that is selected. Undefined for anything else. */
export function clicked(
  { x, y, button, down }: Mouse,
  scene: Scene,
  stage: Stage,
): View | "open" | undefined {
  if (!down) return undefined;
  if (button === wheelUp) return moved("move.up", scene, stage);
  if (button === wheelDown) return moved("move.down", scene, stage);
  const { view } = scene;
  if (button !== 0 || pageOf(view) || view.overlay) return undefined;
  const shelf = stage.shelf(scene);
  const { list } = rootOf(view);
  const height = listHeight(scene);
  const row = y - above;
  const entry = row >= 0 && row < height ? shelf.entries[topOf(shelf, list, height) + row] : undefined;
  // What lies beside the list tells of a row: it is none.
  if (entry?.type !== "row" || x >= sceneLayout(scene).body.columns) return undefined;
  if (entry.index === cursorOf(shelf, list)) return "open";
  return withList(view, moveTo(shelf, list, entry.index, height));
}
