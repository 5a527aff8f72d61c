import type { Homelab } from "../model/homelab.ts";
import { logSent } from "./acts/command-log.ts";
import { createController } from "./acts/controller.ts";
import { menuItems } from "./acts/menu-acts.ts";
import { createSetting } from "./acts/setting-acts.ts";
import { createTexts } from "./acts/text-acts.ts";
import { createKeyStack } from "./input/key-stack.ts";
import { createKeymap } from "./input/keymap.ts";
import { followOperations } from "./operations.ts";
import { createBurst, createPacer } from "./pacer.ts";
import { createPictures } from "./picture.ts";
import { checkColumns } from "./screens/chosen-columns.ts";
import type { Preferences, Source } from "./source.ts";
import { openTerminal, type TerminalOptions } from "./terminal/terminal.ts";
import type { Look } from "./theme/look.ts";
import { createChangeReader } from "./view/changes.ts";
import { createHistory } from "./view/history.ts";
import { createLab, type Place, type Ref } from "./view/lab.ts";
import type { MenuSources } from "./view/menu-item.ts";
import { createStage } from "./view/scene.ts";
import { onWorst } from "./view/start.ts";
import { verbs } from "./view/verbs.ts";
import { newView } from "./view/view.ts";
import { isRead } from "./widgets/thing-pane.ts";

export interface CockpitOptions extends TerminalOptions {
  /** What was known when it was open last; drawn at once. */
  readonly first: {
    readonly title: string;
    readonly homelab: Homelab;
    readonly places: ReadonlyMap<string, Place>;
  };
  readonly look: Look;
  /** What is to be said at once, such as that a theme is gone. */
  readonly notice?: string;
  readonly preferences: Preferences;
  /** No question is asked again before. */
  readonly refreshMs: number;
  readonly themes: MenuSources["themes"];
  /** Resolves with how it looks by the preferences as they are now. */
  readonly lookBy: () => Promise<Look>;
  readonly toYaml: (ref: Ref) => Promise<string>;
  readonly runShell: (argv: readonly [string, ...string[]]) => Promise<void>;
}

export interface Cockpit {
  /** From now on it shows what is known there. */
  readonly attach: (source: Source) => void;
  /** Gives the terminal to whoever asks the person for something. */
  readonly suspended: <Result>(run: () => Promise<Result>) => Promise<Result>;
  readonly close: () => void;
  /** Resolves when it follows the keys, a moment after it is seen. */
  readonly ready: Promise<void>;
  /** Resolves when the user left, or the terminal is gone; rejects when it could not be drawn. The terminal is as it was before. */
  readonly ended: Promise<void>;
}

// Many answers come together, and nobody reads faster than that. When all is known, only values move.
const pictureMs = { coming: 250, known: 2_000, unattended: 4_000 };
// Who has touched no key for so long looks on at most, and hosts are asked every few seconds only.
const attendedMs = 20_000;
// Ages grow, and marks of changes go.
const clockMs = 5_000;
// Lines of a log come in bursts: one change for all of a burst.
const burstMs = 60;

/** Takes the screen and draws what is known, at once. Throws `UsageError` for keys that overlap. */
export function openCockpit(options: CockpitOptions): Cockpit {
  const { preferences, first } = options;
  checkColumns(preferences.get("columns"), preferences.path);
  const keymap = createKeymap(preferences.get("keys"), preferences.path);
  const terminal = openTerminal(options);
  const history = createHistory();
  const readChanges = createChangeReader();
  let source: Source | undefined;

  const texts = createTexts(
    () => source,
    (key) => {
      // The log of commands grows all the time, mostly unseen.
      if (!isRead(key, stage.scene.get().view)) return;
      soon(() => stage.scene.update((scene) => ({ ...scene, textVersion: scene.textVersion + 1 })));
    },
  );
  const stage = createStage(
    {
      view: {
        ...onWorst(newView(preferences.get("defaultScreen"), preferences.get("readOnly")), first.homelab),
        ...(options.notice === undefined ? {} : { notice: { text: options.notice, isBad: true } }),
      },
      lab: createLab(first.homelab, first.places, {
        units: preferences.get("units"),
        refreshMs: options.refreshMs,
        operations: [],
      }),
      title: first.title,
      look: options.look,
      columns: preferences.get("columns"),
      size: terminal.size(),
      changes: new Map(),
      textVersion: 0,
      now: Date.now(),
    },
    keymap,
    history,
    texts.buffers,
  );

  const placesNow = () => source?.places ?? first.places;

  const menus: MenuSources = {
    keymap,
    themes: options.themes,
    settings: preferences.list,
    verbs,
    changing: () => source?.changing,
  };
  const keys = createKeyStack(keymap);
  for (const layer of createController({
    stage,
    terminal,
    texts,
    menus,
    source: () => source,
    setSetting: createSetting({ preferences, stage, terminal, lookBy: options.lookBy, places: placesNow }),
    toYaml: options.toYaml,
    runShell: (argv) => terminal.suspended(() => options.runShell(argv)),
    leave: () => unmount(),
  }))
    keys.push(layer);

  /** From then on the cursor is where the person has it. */
  let isSettled = first.homelab.hosts.every(({ state }) => state !== "unknown");
  let touchedAt = Date.now();
  const picture = createPacer(() => {
    if (!source) return pictureMs.coming;
    const homelab = source.read();
    history.add(homelab);
    const { title } = source;
    const isKnown = homelab.hosts.every(({ state }) => state !== "unknown");
    stage.scene.update((scene) => ({
      ...scene,
      view: isSettled ? scene.view : onWorst(scene.view, homelab),
      title,
      lab: scene.lab.homelab === homelab ? scene.lab : createLab(homelab, placesNow(), scene.lab),
      changes: readChanges(homelab, Date.now()),
      now: Date.now(),
    }));
    isSettled ||= isKnown;
    if (!isKnown) return pictureMs.coming;
    return Date.now() - touchedAt < attendedMs ? pictureMs.known : pictureMs.unattended;
  });
  const soon = createBurst(burstMs);

  const stops = [
    terminal.onInput((input) => {
      isSettled = true;
      touchedAt = Date.now();
      keys.press(input);
    }),
    terminal.onResize(() => stage.scene.update((scene) => ({ ...scene, size: terminal.size() }))),
  ];
  const clock = setInterval(picture.soon, clockMs);
  if (preferences.get("mouse")) terminal.setMouse(true);
  const pictures = createPictures(stage, (scene) => menuItems(scene, stage, menus));
  // Ink takes longer to load than all the rest: what is seen first does without.
  const mounting = (async () => {
    terminal.paint(pictures().rows);
    const { mountApp } = await import("./App.tsx");
    return mountApp(terminal, { subscribe: stage.scene.subscribe, picture: pictures });
  })();
  const unmount = () => {
    mounting.then(
      (app) => app.unmount(),
      () => {},
    );
  };
  return {
    attach: (from) => {
      source = from;
      if (stage.scene.get().view.paused) from.setPaused(true);
      stops.push(
        from.subscribe(picture.soon),
        from.onSent(logSent(texts)),
        followOperations(stage, placesNow, from.changing, ({ plan }) => from.refresh(plan.hosts)),
      );
      picture.now();
    },
    suspended: terminal.suspended,
    close: unmount,
    ready: mounting.then(() => {}),
    ended: mounting
      .then((app) => app.waitUntilExit())
      .then(() => {})
      .finally(() => {
        for (const stop of stops) stop();
        clearInterval(clock);
        picture.stop();
        texts.closeAll();
        terminal.close();
      }),
  };
}
