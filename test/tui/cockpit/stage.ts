import { createController } from "../../../src/tui/acts/controller.ts";
import { menuItems } from "../../../src/tui/acts/menu-acts.ts";
import { createTexts } from "../../../src/tui/acts/text-acts.ts";
import type { Changing } from "../../../src/tui/changing.ts";
import { drawScene } from "../../../src/tui/draw.ts";
import { createKeyStack } from "../../../src/tui/input/key-stack.ts";
import { createKeymap } from "../../../src/tui/input/keymap.ts";
import type { Terminal } from "../../../src/tui/terminal/terminal.ts";
import { bundledThemes, defaultTheme } from "../../../src/tui/theme/bundled-themes.ts";
import { createLook, type LookOptions } from "../../../src/tui/theme/look.ts";
import { createHistory } from "../../../src/tui/view/history.ts";
import { createLab } from "../../../src/tui/view/lab.ts";
import type { Size } from "../../../src/tui/view/layout.ts";
import type { MenuSources } from "../../../src/tui/view/menu-item.ts";
import { createStage, type Scene, type Stage } from "../../../src/tui/view/scene.ts";
import { verbs as allVerbs, type Verb } from "../../../src/tui/view/verbs.ts";
import { newView } from "../../../src/tui/view/view.ts";
import { createFakeSource, type FakeSource, preferencesOf, type ShownHomelab } from "./open.ts";

export interface DrawnStage {
  readonly stage: Stage;
  readonly source: FakeSource;
  /** Keys by their names, one after the other. */
  readonly press: (...keys: readonly string[]) => void;
  readonly write: (text: string) => void;
  readonly change: (change: Partial<Scene>) => void;
  /** The rows as they are drawn, before Ink has a chance to cut them. */
  readonly rows: () => readonly string[];
}

/** The cockpit without a terminal: quick, and nothing between what it draws and the test. */
export function openStage(
  lab: ShownHomelab,
  size: Size = { columns: 80, rows: 24 },
  look: Partial<LookOptions> = {},
  {
    changing,
    verbs = allVerbs,
  }: { readonly changing?: Partial<Changing>; readonly verbs?: readonly Verb[] } = {},
): DrawnStage {
  const keymap = createKeymap({});
  const source = createFakeSource(lab, changing);
  const texts = createTexts(
    () => source,
    () => {},
  );
  const stage = createStage(
    {
      view: newView("fleet", true),
      lab: createLab(lab.homelab, lab.places, { units: "iec", refreshMs: 5_000, operations: [] }),
      title: source.title,
      look: createLook({ theme: defaultTheme, colorLevel: 1, unicode: true, graphs: "auto", ...look }),
      columns: {},
      size,
      changes: new Map(),
      textVersion: 0,
      now: Date.now(),
    },
    keymap,
    createHistory(),
    texts.buffers,
  );
  const menus: MenuSources = {
    keymap,
    themes: () => bundledThemes,
    settings: preferencesOf().list,
    verbs,
    changing: () => source.changing,
  };
  const stack = createKeyStack(keymap);
  const terminal = { copy() {}, redraw() {}, stop() {} } as unknown as Terminal;
  for (const layer of createController({
    stage,
    terminal,
    texts,
    menus,
    source: () => source,
    setSetting: async () => {},
    toYaml: async () => "",
    runShell: async () => {},
    leave: () => {},
  }))
    stack.push(layer);
  return {
    stage,
    source,
    press: (...names) => {
      for (const key of names) stack.press({ type: "key", key });
    },
    write: (text) => {
      for (const key of text) stack.press({ type: "key", key: key === " " ? "space" : key });
    },
    change: (change) => stage.scene.update((scene) => ({ ...scene, ...change })),
    rows: () => drawScene(stage.scene.get(), stage, (scene) => menuItems(scene, stage, menus)),
  };
}
