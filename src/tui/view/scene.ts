import { createStore, type Store } from "../../model/store.ts";
import type { Keymap } from "../input/keymap.ts";
import type { ChosenColumns } from "../screens/chosen-columns.ts";
import type { List } from "../screens/list.ts";
import { screenNamed } from "../screens/screens.ts";
import type { Look } from "../theme/look.ts";
import type { Changes } from "./changes.ts";
import type { History } from "./history.ts";
import type { Lab } from "./lab.ts";
import { type Layout, layoutOf, type Size } from "./layout.ts";
import { createShelfReader, type Shelf } from "./rows.ts";
import type { TextBuffer } from "./texts.ts";
import { rootOf, type View } from "./view.ts";

/** All that is on the screen follows from this. Immutable: what did not change is the same object. */
export interface Scene {
  readonly view: View;
  readonly lab: Lab;
  /** Whose homelab: the inventory's name. */
  readonly title: string;
  readonly look: Look;
  readonly columns: ChosenColumns;
  readonly size: Size;
  readonly changes: Changes;
  /** Grows with each line of a text that is shown. */
  readonly textVersion: number;
  /** Ages and clocks are drawn as of now. */
  readonly now: number;
}

/** The scene, and what goes with it as long as the cockpit is open. */
export interface Stage {
  readonly scene: Store<Scene>;
  readonly keymap: Keymap;
  readonly history: History;
  readonly texts: ReadonlyMap<string, TextBuffer>;
  readonly shelf: (scene: Scene) => Shelf;
}

export function createStage(
  first: Scene,
  keymap: Keymap,
  history: History,
  texts: ReadonlyMap<string, TextBuffer>,
): Stage {
  const read = createShelfReader();
  return {
    scene: createStore(first),
    keymap,
    history,
    texts,
    shelf: ({ lab, view }) => {
      const { filter, sort } = rootOf(view).list;
      return read(lab, listOf(view), filter, sort, view.onlyProblems);
    },
  };
}

const nothing: List = { id: "none", title: "", rows: () => [], columns: [], empty: "" };

/** The list of the screen and tab that is shown. */
export function listOf(view: View): List {
  const { tabs } = screenNamed(view.screen);
  const list = tabs[rootOf(view).tab] ?? tabs[0] ?? nothing;
  return (view.onlyProblems && list.problems) || list;
}

export const sceneLayout = ({ size, view }: Scene): Layout => layoutOf(size, view);

/** So many entries of a list are seen: one line is for the titles. */
export const listHeight = (scene: Scene): number => Math.max(1, sceneLayout(scene).body.rows - 1);
