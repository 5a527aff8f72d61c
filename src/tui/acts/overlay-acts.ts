import type { Scope } from "../input/actions.ts";
import type { Layer } from "../input/key-stack.ts";
import { emptyField } from "../input/text-field.ts";
import { sayWhyNot } from "../view/change-items.ts";
import { whyNotFilter } from "../view/filter.ts";
import type { Does } from "../view/menu-item.ts";
import {
  type ConsentOverlay,
  type MenuOverlay,
  type Overlay,
  pageOf,
  rootOf,
  textStateOf,
  type View,
  withList,
} from "../view/view.ts";
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
import { carry, choose, chooseIfPossible, isChange } from "./operate-acts.ts";
import { linesOf, save } from "./text-acts.ts";

/** The keys of what lies on the page: a menu, a line that is typed, a question. `act` does what is chosen in a menu. */
export function createOverlayLayer(desk: Desk, act: Layer["act"]): Layer {
  const { now, look, stage, menus } = desk;
  const items = () => menuItems(now(), stage, menus);
  return {
    get scopes(): readonly Scope[] {
      const { overlay } = now().view;
      if (!overlay) return [];
      return overlay.kind === "consent" && !overlay.field ? ["dialog"] : ["text"];
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
  const { overlay } = desk.now().view;
  if (overlay?.kind === "menu") acceptItem(desk, overlay, act);
  else if (overlay?.kind === "consent") acceptConsent(desk, overlay, act);
  else if (overlay) acceptInput(desk, overlay);
}

function acceptItem(desk: Desk, overlay: MenuOverlay, act: Layer["act"]) {
  const items = menuItems(desk.now(), desk.stage, desk.menus);
  const item = items[Math.min(overlay.cursor, items.length - 1)];
  if (!item) return;
  desk.look(closeOverlay);
  if (item.why !== undefined) return desk.say(sayWhyNot(item.title, item.why, item.hope));
  const { asking } = overlay;
  if (asking && "answer" in item.does)
    choose(desk, asking.verb, asking.ref, { ...asking.answers, [asking.ask.id]: item.does.answer });
  else perform(desk, item.does, act);
}

/** A name that is not the right one is no consent. */
function acceptConsent(desk: Desk, overlay: ConsentOverlay, act: Layer["act"]) {
  const { consent, button, field, typed = 0 } = overlay;
  const { names = [], title, does } = consent;
  const isRight = field ? field.text === names[typed] : button === 1;
  if (isRight && field && typed + 1 < names.length)
    return desk.look((view) => ({ ...view, overlay: { ...overlay, field: emptyField, typed: typed + 1 } }));
  desk.look(closeOverlay);
  if (isRight) perform(desk, does, act);
  else if (field) desk.say(`${title} Not confirmed, nothing was done.`);
}

function acceptInput(desk: Desk, { input, field }: Extract<Overlay, { kind: "input" }>) {
  const { look, now, say, complain, texts } = desk;
  const wrong = input === "filter" ? whyNotFilter(field.text, now().lab.hosts.keys()) : undefined;
  if (wrong !== undefined) {
    look(cancelled);
    return complain(wrong);
  }
  look(closeOverlay);
  if (input === "filter" && field.text !== "")
    look((before) => withList(before, { ...rootOf(before).list, sought: field.text }));
  if (input.startsWith("set ")) setTo(desk, input.slice(4), field.text);
  if (input !== "save to" || field.text === "") return;
  const page = pageOf(now().view);
  const lines =
    page?.kind === "plan" && page.state.is === "planned"
      ? JSON.stringify(page.state.plan, null, 2).split("\n")
      : linesOf(texts.buffers.get(textStateOf(now().view)?.source ?? ""));
  save(field.text, lines).then(say, complain);
}

function perform(desk: Desk, does: Does, act: Layer["act"]) {
  if ("action" in does) act(does.action, "");
  else if ("open" in does) open(desk, does.open);
  else if ("screen" in does) goTo(desk, does.screen, does.tab);
  else if ("theme" in does) setTo(desk, "theme", does.theme);
  else if ("write" in does) desk.look((view) => ({ ...view, readOnly: false }));
  else if ("verb" in does) chooseIfPossible(desk, does.verb, does.ref);
  else if (isChange(does)) carry(desk, does);
  else if ("becomes" in does) setTo(desk, does.setting, does.becomes);
  else if ("setting" in does) set(desk, does.setting, does.value);
}

function set(desk: Desk, setting: string, value: unknown) {
  if (setting === "readOnly" && value === true) return desk.look(askForWriteAtStart);
  if (typeof value === "boolean") return setTo(desk, setting, `${!value}`);
  desk.look((view) =>
    openInput(view, `set ${setting}`, typeof value === "string" ? value : JSON.stringify(value)),
  );
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
      does: { write: true },
    }),
  );
}

const askForWriteAtStart = (view: View): View =>
  openConsent(view, {
    title: "Allow changes at every start?",
    lines: [
      "From the next start on SCRAP is not read-only.",
      "What changes a host can then be chosen; each change still asks before.",
    ],
    confirm: "Allow at every start",
    does: { setting: "readOnly", becomes: "false" },
  });
