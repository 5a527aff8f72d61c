import type { ActionId } from "../input/actions.ts";
import type { Keymap } from "../input/keymap.ts";
import { type ScreenId, screenNamed, screens } from "../screens/screens.ts";
import { fit } from "../text/fit.ts";
import { width as widthOf } from "../text/width.ts";
import type { Look } from "../theme/look.ts";
import { hasLog } from "../view/menus.ts";
import type { Scene } from "../view/scene.ts";
import { pageOf, rootOf, type View } from "../view/view.ts";
import { inBrackets } from "./chosen.ts";
import { drawField } from "./field.ts";

/** The screens, and the keys that matter here; or what was just said, or what is typed. */
export function drawFooter(scene: Scene, keymap: Keymap): readonly [string, string] {
  const { look, size, view } = scene;
  const clock = new Date(scene.now).toTimeString().slice(0, 5);
  const room = size.columns - widthOf(clock) - 3;
  const space = (used: number) => " ".repeat(Math.max(1, room - used + 1));
  const keys = drawKeys(scene, keymap, room);
  return [
    drawScreens(view, look, size.columns),
    ` ${keys.text}${space(keys.width)}${look.paint("muted", clock)}`,
  ];
}

/** Where not all names fit, only that of the screen that is shown: the digits lead to the others. */
function drawScreens(view: View, look: Look, columns: number): string {
  const brackets = inBrackets("", look).length;
  const all = screens.map(({ title }, index) => `${index + 1} ${title}`).join("  ");
  const isRoomy = all.length + brackets + 1 <= columns;
  const words = screens.map(({ id, title }, index) => {
    const digit = look.paint("key", `${index + 1}`);
    if (id === view.screen) return `${digit} ${look.paint("selected", inBrackets(title, look))}`;
    return isRoomy ? `${digit} ${look.paint("muted", title)}` : digit;
  });
  return ` ${words.join("  ")}`;
}

interface Drawn {
  readonly text: string;
  readonly width: number;
}

function drawKeys({ view, look }: Scene, keymap: Keymap, room: number): Drawn {
  if (view.overlay?.kind === "input") return drawInput(view.overlay, look, room);
  if (view.notice) {
    const text = fit(view.notice.text, room, look.signs.ellipsis);
    return { text: look.paint(view.notice.isBad ? "warning" : "accent", text), width: widthOf(text) };
  }
  const hints = hintsFor(view).flatMap(([id, words]) => {
    const [key] = keymap.keysOf(id);
    if (key === undefined) return [];
    const drawn = `${look.paint("key", key)} ${look.paint("muted", words)}`;
    return [{ id, drawn, width: widthOf(key) + 1 + widthOf(words) }];
  });
  // Who finds help finds the rest: it goes last.
  const help = hints.find(({ id }) => id === "go.help");
  const shown: typeof hints = [];
  let used = help ? help.width : 0;
  for (const hint of hints) {
    if (hint === help) continue;
    if (used + hint.width + 2 > room) break;
    shown.push(hint);
    used += hint.width + 2;
  }
  const all = help ? [...shown, help] : shown;
  return {
    text: all.map(({ drawn }) => drawn).join("  "),
    width: all.reduce((sum, { width }) => sum + width + 2, -2),
  };
}

function drawInput(
  { input, field }: Extract<NonNullable<View["overlay"]>, { kind: "input" }>,
  look: Look,
  room: number,
): Drawn {
  const label = `${input}: `;
  const drawn = drawField(field, Math.max(1, room - label.length), look);
  return { text: `${look.paint("key", label)}${drawn.text}`, width: label.length + drawn.width };
}

type Hint = readonly [ActionId, string];

const everywhere: readonly Hint[] = [
  ["go.help", "help"],
  ["thing.actions", "actions"],
  ["go.palette", "all"],
];

function hintsFor(view: View): readonly Hint[] {
  const page = pageOf(view);
  if (view.overlay?.kind === "menu")
    return [
      ["text.accept", "choose"],
      ["text.next", "next"],
      ["text.cancel", "back"],
    ];
  if (view.overlay?.kind === "consent" && view.overlay.field)
    return [
      ["text.accept", "go on"],
      ["text.cancel", "cancel"],
    ];
  if (view.overlay)
    return [
      ["dialog.accept", "choose"],
      ["dialog.next", "next"],
      ["dialog.cancel", "cancel"],
    ];
  if (page?.kind === "plan")
    return [
      ...(page.state.is === "planned"
        ? ([
            ["plan.run", "carry it out"],
            ["plan.full", page.isFull ? "in short" : "in full"],
            ["plan.save", "save"],
          ] as const)
        : []),
      ["move.down", "read on"],
      ["go.back", "back"],
      ["scrap.write", view.readOnly ? "allow changes" : "read-only"],
      ["go.help", "help"],
    ];
  if (page?.kind === "text")
    return [
      ["go.back", "back"],
      ["find.start", "search"],
      ["log.follow", "follow"],
      ["log.wrap", "wrap"],
      ["log.times", "times"],
      ["log.save", "save"],
      ["go.help", "help"],
    ];
  if (page)
    return [
      ["thing.open", "open"],
      ["go.back", "back"],
      ...(page.kind === "thing" && hasLog(page.ref) ? ([["thing.logs", "logs"]] as const) : []),
      ["thing.yaml", "yaml"],
      ...everywhere,
    ];
  const { filter } = rootOf(view).list;
  if (view.screen === "activity")
    return [
      ["thing.open", "open"],
      ["thing.actions", "resume, cancel"],
      ["thing.logs", "output"],
      ["go.commands", "commands sent"],
      ["find.start", filter === "" ? "filter" : fit(`filter: ${filter}`, mostOfFilter)],
      ["go.help", "help"],
    ];
  return [
    ["thing.open", "open"],
    ["find.start", filter === "" ? "filter" : fit(`filter: ${filter}`, mostOfFilter)],
    ["find.problems", "problems"],
    ...(tabsOf(view) > 1 ? ([["go.next-tab", "view"]] as const) : []),
    ...(withLogs.has(view.screen) ? ([["thing.logs", "logs"]] as const) : []),
    ["thing.shell", "shell"],
    ...everywhere,
  ];
}

/** What is longer would leave no room for the other keys. */
const mostOfFilter = 24;

const withLogs: ReadonlySet<ScreenId> = new Set(["services", "workloads"]);

const tabsOf = (view: View) => screenNamed(view.screen).tabs.length;
