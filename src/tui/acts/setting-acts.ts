import { createKeymap } from "../input/keymap.ts";
import { checkColumns } from "../screens/chosen-columns.ts";
import type { Preferences } from "../source.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { Look } from "../theme/look.ts";
import { createLab, type Lab } from "../view/lab.ts";
import type { Stage } from "../view/scene.ts";

interface Options {
  readonly preferences: Preferences;
  readonly stage: Stage;
  readonly terminal: Terminal;
  readonly lookBy: () => Promise<Look>;
  readonly places: () => Parameters<typeof createLab>[1];
}

/** Keeps what is set and shows it at once; other keys count from the next start on. Rejects with `UsageError` for what does not fit. */
export function createSetting(options: Options): (key: string, value: string) => Promise<void> {
  const { preferences } = options;
  return async (key, value) => {
    const before = preferences.list().find(([name]) => name === key)?.[1];
    await preferences.set(key, value);
    try {
      await apply(options);
    } catch (error) {
      // What cannot be shown is not kept either: the next start would refuse it.
      await preferences.set(key, typeof before === "string" ? before : JSON.stringify(before));
      throw error;
    }
  };
}

async function apply({ preferences, stage, terminal, lookBy, places }: Options): Promise<void> {
  const [columns, units] = [preferences.get("columns"), preferences.get("units")];
  checkColumns(columns, preferences.path);
  createKeymap(preferences.get("keys"), preferences.path);
  const look = await lookBy();
  terminal.setMouse(preferences.get("mouse"));
  const recount = (lab: Lab) =>
    lab.units === units ? lab : createLab(lab.homelab, places(), { ...lab, units });
  stage.scene.update((scene) => ({ ...scene, look, columns, lab: recount(scene.lab) }));
}
