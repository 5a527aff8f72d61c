import type { Source } from "../source.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { Ref } from "../view/lab.ts";
import type { MenuSources } from "../view/menu-item.ts";
import type { Scene, Stage } from "../view/scene.ts";
import type { View } from "../view/view.ts";
import type { Texts } from "./text-acts.ts";

export interface DeskOptions {
  readonly stage: Stage;
  readonly terminal: Terminal;
  readonly texts: Texts;
  /** Undefined until the inventory was read. */
  readonly source: () => Source | undefined;
  readonly menus: MenuSources;
  /** Rejects with `UsageError` for a value that does not fit. */
  readonly setSetting: (key: string, value: string) => Promise<void>;
  readonly toYaml: (ref: Ref) => Promise<string>;
  readonly runShell: (argv: readonly [string, ...string[]]) => Promise<void>;
  readonly leave: () => void;
}

/** All that an act works with. */
export interface Desk extends DeskOptions {
  readonly now: () => Scene;
  /** What is looked at next. The same view means nothing changed. */
  readonly look: (change: (view: View) => View) => void;
  /** In the footer, until the next key. */
  readonly say: (text: string) => void;
  readonly complain: (error: unknown) => void;
  readonly silence: () => void;
}

export function createDesk(options: DeskOptions): Desk {
  const { scene: store } = options.stage;
  const look: Desk["look"] = (change) =>
    store.update((scene) => {
      const view = change(scene.view);
      return view === scene.view ? scene : { ...scene, view };
    });
  const notice = (text: string, isBad: boolean) => look((view) => ({ ...view, notice: { text, isBad } }));
  return {
    ...options,
    now: store.get,
    look,
    say: (text) => notice(text, false),
    complain: (error) => notice(error instanceof Error ? error.message : String(error), true),
    silence: () =>
      look((view) => {
        if (!view.notice) return view;
        const { notice: _, ...rest } = view;
        return rest;
      }),
  };
}
