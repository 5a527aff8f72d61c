import type { Homelab } from "../model/homelab.ts";
import { createController } from "./acts/controller.ts";
import { menuItems } from "./acts/menu-acts.ts";
import { createTexts } from "./acts/text-acts.ts";
import { createKeyStack } from "./input/key-stack.ts";
import { createKeymap } from "./input/keymap.ts";
import { createPacer } from "./pacer.ts";
import { createPictures } from "./picture.ts";
import { checkColumns } from "./screens/chosen-columns.ts";
import type { Preferences, Sent, Source } from "./source.ts";
import { openTerminal, type TerminalOptions } from "./terminal/terminal.ts";
import type { Look } from "./theme/look.ts";
import { createChangeReader } from "./view/changes.ts";
import { createHistory } from "./view/history.ts";
import { createLab, type Place, type Ref } from "./view/lab.ts";
import type { MenuSources } from "./view/menus.ts";
import { createStage } from "./view/scene.ts";
import { newView, pageOf, textStateOf, type View } from "./view/view.ts";
import { recentOf } from "./widgets/thing-pane.ts";

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
const pictureMs = { coming: 250, known: 2_000 };
// Ages grow, and marks of changes go.
const clockMs = 5_000;

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
        ...newView(preferences.get("defaultScreen"), preferences.get("readOnly")),
        ...(options.notice === undefined ? {} : { notice: { text: options.notice, isBad: true } }),
      },
      lab: createLab(first.homelab, first.places, preferences.get("units")),
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

  /** What was set shows at once; other keys only at the next start. */
  const apply = async () => {
    checkColumns(preferences.get("columns"), preferences.path);
    createKeymap(preferences.get("keys"), preferences.path);
    const [look, columns, units] = [
      await options.lookBy(),
      preferences.get("columns"),
      preferences.get("units"),
    ];
    terminal.setMouse(preferences.get("mouse"));
    stage.scene.update((scene) => ({
      ...scene,
      look,
      columns,
      lab: scene.lab.units === units ? scene.lab : createLab(scene.lab.homelab, placesNow(), units),
    }));
  };
  const placesNow = () => source?.places ?? first.places;

  const menus: MenuSources = { keymap, themes: options.themes, settings: preferences.list };
  const keys = createKeyStack(keymap);
  for (const layer of createController({
    stage,
    terminal,
    texts,
    menus,
    source: () => source,
    setSetting: async (key, value) => {
      const before = preferences.list().find(([name]) => name === key)?.[1];
      await preferences.set(key, value);
      try {
        await apply();
      } catch (error) {
        // What cannot be shown is not kept either: the next start would refuse it.
        await preferences.set(key, typeof before === "string" ? before : JSON.stringify(before));
        throw error;
      }
    },
    toYaml: options.toYaml,
    runShell: (argv) => terminal.suspended(() => options.runShell(argv)),
    leave: () => unmount(),
  }))
    keys.push(layer);

  const picture = createPacer(() => {
    if (!source) return pictureMs.coming;
    const homelab = source.read();
    history.add(homelab);
    const { title } = source;
    stage.scene.update((scene) => ({
      ...scene,
      title,
      lab: scene.lab.homelab === homelab ? scene.lab : createLab(homelab, placesNow(), scene.lab.units),
      changes: readChanges(homelab, Date.now()),
      now: Date.now(),
    }));
    return homelab.hosts.some(({ state }) => state === "unknown") ? pictureMs.coming : pictureMs.known;
  });
  const soon = createSoon();

  const stops = [
    terminal.onInput((input) => keys.press(input)),
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
      stops.push(from.subscribe(picture.soon), from.onSent(logSent(texts)));
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

/** Is this text on the screen: read, or the last lines on a thing's page? */
function isRead(key: string, view: View): boolean {
  const page = pageOf(view);
  return key === (page?.kind === "thing" ? recentOf(page.ref) : textStateOf(view)?.source);
}

/** The command log: what was sent, as it was sent. */
function logSent(texts: ReturnType<typeof createTexts>): (sent: Sent) => void {
  const buffer = texts.open("commands");
  buffer.setStatus({ is: "following" });
  return ({ at, host, text, tookMs, exitCode, error }) => {
    const result = error ?? `exit ${exitCode}`;
    // In one piece: thousands of these are kept, and a template keeps each of its parts.
    const begin = [at.toISOString().slice(0, 19), "Z ", result, ", ", Math.round(tookMs), " ms  "].join("");
    buffer.append({
      text: begin + text,
      source: host,
      ...(error === undefined ? {} : { isError: true }),
    });
  };
}

/** Lines of a log come in bursts: one change for all of a burst. */
function createSoon(): (act: () => void) => void {
  let isWaiting = false;
  return (act) => {
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      act();
    }, 60);
  };
}
