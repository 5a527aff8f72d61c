import type { Scope } from "../input/actions.ts";
import type { Layer } from "../input/key-stack.ts";
import { whyNotFilter } from "../view/filter.ts";
import type { Does } from "../view/menus.ts";
import { textStateOf } from "../view/view.ts";
import type { Desk } from "./desk.ts";
import { goTo, open } from "./go-acts.ts";
import {
  cancelled,
  closeOverlay,
  completed,
  menuItems,
  movedOverlay,
  openConsent,
  openInput,
  typed,
} from "./menu-acts.ts";
import { save } from "./text-acts.ts";

/** The keys of what lies on the page: a menu, a line that is typed, a question. `act` does what is chosen in a menu. */
export function createOverlayLayer(desk: Desk, act: Layer["act"]): Layer {
  const { now, look, stage, menus } = desk;
  const items = () => menuItems(now(), stage, menus);
  return {
    get scopes(): readonly Scope[] {
      const { overlay } = now().view;
      if (!overlay) return [];
      return overlay.kind === "consent" ? ["dialog"] : ["text"];
    },
    text: (input) => {
      const view = typed(now().view, input);
      if (view) look(() => view);
      return view !== undefined;
    },
    act: (action) => {
      if (!now().view.overlay) return false;
      const next =
        action === "text.complete"
          ? completed(now().view, items())
          : movedOverlay(action, now().view, items().length);
      if (next) look(() => next);
      else if (action === "text.accept" || action === "dialog.accept") accept(desk, act);
      else if (action === "text.cancel" || action === "dialog.cancel") look(cancelled);
      else return false;
      return true;
    },
  };
}

function accept(desk: Desk, act: Layer["act"]) {
  const { now, look, say, complain, texts } = desk;
  const { view } = now();
  const { overlay } = view;
  if (overlay?.kind === "menu") {
    const items = menuItems(now(), desk.stage, desk.menus);
    const item = items[Math.min(overlay.cursor, items.length - 1)];
    if (!item) return;
    look(closeOverlay);
    return item.why === undefined ? perform(desk, item.does, act) : say(`${item.title}: ${item.why}`);
  }
  const wrong =
    overlay?.kind === "input" && overlay.input === "filter"
      ? whyNotFilter(overlay.field.text, now().lab.hosts.keys())
      : undefined;
  if (wrong !== undefined) {
    look(cancelled);
    return complain(wrong);
  }
  look(closeOverlay);
  if (overlay?.kind === "consent" && overlay.button === 1) look((before) => ({ ...before, readOnly: false }));
  if (overlay?.kind !== "input") return;
  const { input, field } = overlay;
  if (input.startsWith("set ")) setTo(desk, input.slice(4), field.text);
  if (input === "save to" && field.text !== "")
    save(field.text, texts.buffers.get(textStateOf(view)?.source ?? "")).then(say, complain);
}

function perform(desk: Desk, does: Does, act: Layer["act"]) {
  if ("action" in does) act(does.action, "");
  else if ("open" in does) open(desk, does.open);
  else if ("screen" in does) goTo(desk, does.screen, does.tab);
  else if ("theme" in does) setTo(desk, "theme", does.theme);
  else if (typeof does.value === "boolean") setTo(desk, does.setting, `${!does.value}`);
  else {
    const { setting, value } = does;
    desk.look((view) =>
      openInput(view, `set ${setting}`, typeof value === "string" ? value : JSON.stringify(value)),
    );
  }
}

/** What the cockpit looks at all the time. The rest it reads when it opens. */
const seenAtOnce = ["theme", "graphs", "columns", "units", "mouse"];

function setTo({ setSetting, say, complain }: Desk, key: string, value: string) {
  const when = seenAtOnce.includes(key) ? "" : " from the next start on";
  setSetting(key, value).then(() => say(`${key} is ${value}${when}`), complain);
}

/** Back to read-only at once; the other way the person is asked. */
export function toggleWrite({ now, look }: Desk) {
  if (!now().view.readOnly) return look((view) => ({ ...view, readOnly: true }));
  look((view) =>
    openConsent(view, {
      title: "Allow changes?",
      lines: [
        "Until you leave, or press the key again, what changes a host can be chosen.",
        "Each change still asks before it is made.",
      ],
      confirm: "Allow changes",
    }),
  );
}
