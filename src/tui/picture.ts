import { drawScene } from "./draw.ts";
import type { MenuItem } from "./view/menu-item.ts";
import type { Scene, Stage } from "./view/scene.ts";

/** What is on the screen: its rows as they are written there. */
export interface Picture {
  readonly columns: number;
  readonly rows: readonly string[];
}

/** Draws a scene once, and gives the same picture as long as nobody could tell the difference: Ink need not look at it again. */
export function createPictures(stage: Stage, items: (scene: Scene) => readonly MenuItem[]): () => Picture {
  let drawn: Scene | undefined;
  let picture: Picture | undefined;
  return () => {
    const scene = stage.scene.get();
    if (picture && scene === drawn) return picture;
    picture = toPicture(picture, scene.size.columns, drawScene(scene, stage, items));
    drawn = scene;
    return picture;
  };
}

/** The one before, where nobody could tell the difference. */
export const toPicture = (before: Picture | undefined, columns: number, rows: readonly string[]): Picture =>
  before?.columns === columns && isSame(before.rows, rows) ? before : { columns, rows };

const isSame = (before: readonly string[], after: readonly string[]) =>
  before.length === after.length && before.every((row, index) => row === after[index]);
