import type { ActionId } from "../input/actions.ts";
import type { Keymap } from "../input/keymap.ts";
import { screenNamed, screens } from "../screens/screens.ts";
import { fit } from "../text/fit.ts";
import { width as widthOf } from "../text/width.ts";
import type { Look } from "../theme/look.ts";
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

function drawScreens(view: View, look: Look, columns: number): string {
  const brackets = inBrackets("", look).length;
  const all = screens.map(({ title }, index) => `${index + 1} ${title}`).join("  ");
  const full = all.length + brackets + 1 <= columns;
  const words = screens.map(({ id, title }, index) => {
    const name = full ? title : title.slice(0, 4);
    const isHere = id === view.screen;
    return `${look.paint("key", `${index + 1}`)} ${isHere ? look.paint("selected", inBrackets(name, look)) : look.paint("muted", name)}`;
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
  let text = "";
  let used = 0;
  for (const [id, words] of hintsFor(view)) {
    const [key] = keymap.keysOf(id);
    if (key === undefined) continue;
    const width = widthOf(key) + 1 + widthOf(words) + 2;
    if (used + width - 2 > room) break;
    text += `${look.paint("key", key)} ${look.paint("muted", words)}  `;
    used += width;
  }
  return { text: text.trimEnd(), width: Math.max(0, used - 2) };
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

// Who finds help finds the rest.
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
  if (view.overlay)
    return [
      ["dialog.accept", "choose"],
      ["dialog.next", "next"],
      ["dialog.cancel", "cancel"],
    ];
  if (page?.kind === "text" || (!page && view.screen === "activity"))
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
      ["thing.logs", "logs"],
      ["thing.yaml", "yaml"],
      ...everywhere,
    ];
  const { filter } = rootOf(view).list;
  return [
    ["thing.open", "open"],
    ["find.start", filter === "" ? "filter" : fit(`filter: ${filter}`, mostOfFilter)],
    ["find.problems", "problems"],
    ...(tabsOf(view) > 1 ? ([["go.next-tab", "view"]] as const) : []),
    ["thing.logs", "logs"],
    ["thing.shell", "shell"],
    ...everywhere,
  ];
}

/** What is longer would leave no room for the other keys. */
const mostOfFilter = 24;

const tabsOf = (view: View) => screenNamed(view.screen).tabs.length;
