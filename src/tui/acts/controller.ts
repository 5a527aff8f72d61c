import { type ActionId, findAction, type Scope } from "../input/actions.ts";
import type { Layer } from "../input/key-stack.ts";
import { type ScreenId, screenIds, screenNamed } from "../screens/screens.ts";
import type { Source } from "../source.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { Ref } from "../view/lab.ts";
import { type Does, hasLog, type MenuSources, whyNotYet } from "../view/menus.ts";
import { markedRows } from "../view/move.ts";
import type { Scene, Stage } from "../view/scene.ts";
import { newList, newText, pageOf, rootOf, textStateOf, type View, withList } from "../view/view.ts";
import { opensAt, pageLines, recentOf } from "../widgets/thing-pane.ts";
import { cancelled, closeOverlay, menuItems, movedOverlay, openInput, openMenu, typed } from "./menu-acts.ts";
import { clicked } from "./mouse-acts.ts";
import { moved } from "./move-acts.ts";
import { chosenRefs, hostOf, nameOfRef, pageScopes, selectedRef } from "./selection.ts";
import { save, type Texts } from "./text-acts.ts";

interface Options {
  readonly stage: Stage;
  readonly terminal: Terminal;
  readonly texts: Texts;
  readonly source: () => Source | undefined;
  readonly menus: MenuSources;
  /** Rejects with `UsageError` for a value that does not fit. */
  readonly setSetting: (key: string, value: string) => Promise<void>;
  readonly toYaml: (ref: Ref) => Promise<string>;
  readonly runShell: (argv: readonly [string, ...string[]]) => Promise<void>;
  readonly leave: () => void;
}

/** Turns actions into what is looked at next, and into what is done. The two layers of keys: the page, and what lies on it. */
export function createController(options: Options): readonly [page: Layer, overlay: Layer] {
  const { stage, terminal, texts, menus } = options;
  const { scene: store } = stage;
  const now = () => store.get();
  const look = (change: (view: View) => View) =>
    store.update((scene) => {
      const view = change(scene.view);
      return view === scene.view ? scene : { ...scene, view };
    });
  const say = (text: string, isBad = false) => look((view) => ({ ...view, notice: { text, isBad } }));
  const complain = (error: unknown) => say(error instanceof Error ? error.message : String(error), true);
  const silence = () =>
    look((view) => {
      if (!view.notice) return view;
      const { notice: _, ...rest } = view;
      return rest;
    });

  function open(ref: Ref) {
    look((view) => ({ ...view, opened: [...view.opened, { kind: "thing", ref, cursor: 0, top: 0 }] }));
    if (ref.kind !== "host") texts.readLogs(recentOf(ref), [ref], now(), { follow: false, lines: 8 });
  }

  function openText(title: string, key: string, refs?: readonly Ref[]) {
    look((view) => ({
      ...view,
      opened: [...view.opened, { kind: "text", text: newText(title, key, refs) }],
    }));
  }

  function openLogs(sinceMs?: number) {
    const refs = chosenRefs(now(), stage);
    if (refs.length === 0) return say("Nothing is selected.");
    if (!refs.some(hasLog)) return say(`A ${refs[0]?.kind} has no log: its services and units have.`);
    const names = refs.map(nameOfRef).join(", ");
    const key = `log ${refs.map(({ id }) => id).join(" ")}`;
    texts.readLogs(key, refs, now(), { follow: true, lines: 500, ...(sinceMs ? { sinceMs } : {}) });
    openText(`log of ${names}`, key, refs);
  }

  function back(key: string) {
    const { view } = now();
    const page = pageOf(view);
    if (page) {
      texts.close(page.kind === "text" ? page.text.source : recentOf(page.ref));
      return look((before) => ({ ...before, opened: before.opened.slice(0, -1) }));
    }
    const { list } = rootOf(view);
    if (list.filter !== "") return look((before) => withList(before, { ...list, filter: "" }));
    if (list.marked.size > 0) return look((before) => withList(before, { ...list, marked: newList.marked }));
    if (view.onlyProblems) return look((before) => ({ ...before, onlyProblems: false }));
    if (view.screen !== "fleet") return goTo("fleet");
    // On a slow line it may be the first part of an arrow.
    if (key === "esc")
      return say(`${menus.keymap.keysOf("go.back").find((other) => other !== "esc") ?? "ctrl+c"} leaves`);
    options.leave();
  }

  function goTo(screen: ScreenId, tab?: number) {
    for (const page of now().view.opened)
      texts.close(page.kind === "text" ? page.text.source : recentOf(page.ref));
    look((view) => {
      const there = { ...view, screen, opened: [] };
      return tab === undefined
        ? there
        : { ...there, roots: { ...there.roots, [screen]: { tab, list: newList } } };
    });
  }

  function toggleWrite() {
    if (!now().view.readOnly) return look((view) => ({ ...view, readOnly: true }));
    look((view) => ({
      ...view,
      overlay: {
        kind: "consent",
        button: 0,
        consent: {
          title: "Allow changes?",
          lines: [
            "Until you leave, or press the key again, what changes a host can be chosen.",
            "Each change still asks before it is made.",
          ],
          confirm: "Allow changes",
          grants: "write",
        },
      },
    }));
  }

  function shell() {
    const ref = selectedRef(now(), stage);
    const host = ref && hostOf(ref, now());
    const argv = host === undefined ? undefined : options.source()?.shell(host);
    if (!argv) return say("No host is selected.");
    void options.runShell(argv).catch(complain);
  }

  function copy() {
    const scene = now();
    const text = textStateOf(scene.view);
    const words = text
      ? (texts.buffers.get(text.source)?.lines() ?? []).map((line) => line.text).join("\n")
      : chosenRefs(scene, stage).map(nameOfRef).join("\n");
    if (words === "") return say("There is nothing to copy.");
    terminal.copy(words);
    say(`copied: ${text ? `${words.split("\n").length} lines` : words.replaceAll("\n", ", ")}`);
  }

  async function yaml(): Promise<void> {
    const ref = selectedRef(now(), stage);
    if (!ref) return;
    const key = `yaml ${ref.kind} ${ref.id}`;
    const text = await options.toYaml(ref);
    texts.close(key);
    texts.put(key, text.trimEnd().split("\n"));
    openText(`${ref.kind} ${nameOfRef(ref)}`, key);
    look((view) => movedToTop(view));
  }

  function since() {
    const page = pageOf(now().view);
    if (page?.kind !== "text" || !page.text.refs) return say("Only a log has a since.");
    const { refs, source } = page.text;
    const at = spans.findIndex(({ title }) => page.text.title.endsWith(title));
    const next = spans[(at + 1) % spans.length];
    const base = at === -1 ? page.text.title : page.text.title.slice(0, -(spans[at]?.title.length ?? 0));
    const request = { follow: true, lines: 5000, ...(next?.ms ? { sinceMs: next.ms } : {}) };
    texts.readLogs(source, refs, now(), request);
    look((view) => ({
      ...view,
      opened: [
        ...view.opened.slice(0, -1),
        { kind: "text", text: newText(`${base}${next?.title ?? ""}`, source, refs) },
      ],
    }));
  }

  /** What the keys of pages do. True when it was done. */
  function act(action: ActionId, key = ""): boolean {
    silence();
    const refusal = whyNotYet(action);
    if (refusal !== undefined) {
      say(`${findAction(action)?.title}: ${refusal}`);
      return true;
    }
    const next = moved(action, now(), stage);
    if (next) {
      look(() => next);
      return true;
    }
    const screen = screenIds.find((id) => action === `screen.${id}`);
    if (screen) {
      goTo(screen);
      return true;
    }
    const effect = effects[action];
    effect?.(key);
    return effect !== undefined;
  }

  const effects: Readonly<Partial<Record<ActionId, (key: string) => void>>> = {
    "thing.open": () => {
      const { view } = now();
      const page = pageOf(view);
      const lines = page?.kind === "thing" ? pageLines(page.ref, now(), stage) : [];
      const at = page?.kind === "thing" ? opensAt(lines)[page.cursor] : undefined;
      const ref = page ? (at === undefined ? undefined : lines[at]?.ref) : selectedRef(now(), stage);
      if (ref) open(ref);
    },
    "thing.describe": () => {
      const ref = selectedRef(now(), stage);
      if (ref && !pageOf(now().view)) open(ref);
    },
    "thing.yaml": () => void yaml().catch(complain),
    "thing.logs": () => openLogs(),
    "thing.copy": copy,
    "log.copy": copy,
    "thing.shell": shell,
    "thing.actions": () => look((view) => openMenu(view, "actions")),
    "go.back": back,
    "go.palette": () => look((view) => openMenu(view, "palette")),
    "go.help": () => look((view) => openMenu(view, "help")),
    "go.themes": () => look((view) => openMenu(view, "themes")),
    "go.settings": () => look((view) => openMenu(view, "settings")),
    "go.commands": () => goTo("activity"),
    "find.start": () =>
      look((view) => {
        const text = textStateOf(view);
        if (text) return openInput(view, "search", text.search);
        return pageOf(view) ? view : openInput(view, "filter", rootOf(view).list.filter);
      }),
    "find.problems": () => look((view) => ({ ...view, onlyProblems: !view.onlyProblems })),
    "refresh.pause": () => {
      const isPaused = !now().view.paused;
      options.source()?.setPaused(isPaused);
      look((view) => ({ ...view, paused: isPaused }));
    },
    "refresh.now": () => {
      const hosts = [...new Set(chosenHosts())];
      options.source()?.refresh(hosts);
      say(`asking ${hosts.length === 1 ? hosts[0] : `${hosts.length} hosts`} anew`);
    },
    "scrap.write": toggleWrite,
    "scrap.leave": options.leave,
    "terminal.redraw": () => terminal.redraw(),
    "terminal.stop": () => terminal.stop(),
    "log.since": since,
    "log.save": () => look((view) => openInput(view, "save to", `${nameForFile(now())}.log`)),
  };

  /** Of what is marked, else all: who asks for fresh values wants them everywhere. */
  function chosenHosts(): readonly string[] {
    const { view, lab } = now();
    if (pageOf(view) || markedRows(stage.shelf(now()), rootOf(view).list).length > 0)
      return chosenRefs(now(), stage).flatMap((ref) => hostOf(ref, now()) ?? []);
    return [...lab.hosts.keys()];
  }

  function perform(does: Does) {
    look(closeOverlay);
    if ("action" in does) act(does.action);
    else if ("open" in does) open(does.open);
    else if ("screen" in does) goTo(does.screen, does.tab);
    else if ("theme" in does) setTo("theme", does.theme);
    else if ("setting" in does) {
      const { setting, value } = does;
      if (typeof value === "boolean") setTo(setting, `${!value}`);
      else
        look((view) =>
          openInput(view, `set ${setting}`, typeof value === "string" ? value : JSON.stringify(value)),
        );
    }
  }

  function setTo(key: string, value: string) {
    void options
      .setSetting(key, value)
      .then(() => say(`${key} is ${value}${key === "keys" ? " from the next start on" : ""}`), complain);
  }

  function accept() {
    const { view } = now();
    const { overlay } = view;
    if (overlay?.kind === "menu") {
      const items = menuItems(now(), stage, menus);
      const item = items[Math.min(overlay.cursor, items.length - 1)];
      if (!item) return;
      if (item.why !== undefined) {
        look(closeOverlay);
        return say(`${item.title}: ${item.why}`);
      }
      return perform(item.does);
    }
    look(closeOverlay);
    if (overlay?.kind === "consent" && overlay.button === 1) {
      if (overlay.consent.grants === "write") look((before) => ({ ...before, readOnly: false }));
      else options.leave();
    }
    if (overlay?.kind !== "input") return;
    const { input, field } = overlay;
    if (input.startsWith("set ")) void setTo(input.slice(4), field.text);
    if (input === "save to" && field.text !== "")
      void save(field.text, texts.buffers.get(textStateOf(view)?.source ?? "")).then(({ text, isBad }) =>
        say(text, isBad),
      );
  }

  const overlayScopes = (): readonly Scope[] => {
    const { overlay } = now().view;
    if (!overlay) return [];
    return overlay.kind === "consent" ? ["dialog"] : ["text"];
  };

  return [
    {
      get scopes() {
        return pageScopes(now());
      },
      act,
      mouse: (input) => {
        const done = clicked(input, now(), stage);
        if (done === undefined) return false;
        if (done === "open") return act("thing.open");
        look(() => done);
        return true;
      },
    },
    {
      get scopes() {
        return overlayScopes();
      },
      text: (input) => {
        const view = typed(now().view, input);
        if (view) look(() => view);
        return view !== undefined;
      },
      act: (action) => {
        if (!now().view.overlay) return false;
        const count = menuItems(now(), stage, menus).length;
        const next = movedOverlay(action, now().view, count);
        if (next) look(() => next);
        else if (action === "text.accept" || action === "dialog.accept") accept();
        else if (action === "text.cancel" || action === "dialog.cancel") look(cancelled);
        else return false;
        return true;
      },
    },
  ];
}

const spans: readonly { readonly title: string; readonly ms?: number }[] = [
  { title: ", last 10 min", ms: 600_000 },
  { title: ", last hour", ms: 3_600_000 },
  { title: ", last day", ms: 86_400_000 },
  { title: "" },
];

function movedToTop(view: View): View {
  const page = pageOf(view);
  if (page?.kind !== "text") return view;
  return { ...view, opened: [...view.opened.slice(0, -1), { kind: "text", text: { ...page.text, top: 0 } }] };
}

function nameForFile({ view }: Scene): string {
  const title = textStateOf(view)?.title ?? screenNamed(view.screen).title;
  return title.replaceAll(/[^\w.-]+/g, "-");
}
