import type { ActionId } from "../input/actions.ts";
import { edit, emptyField } from "../input/text-field.ts";
import type { Input } from "../terminal/key-parser.ts";
import type { MenuItem, MenuSources } from "../view/menu-item.ts";
import { readMenu } from "../view/menus.ts";
import type { Scene, Stage } from "../view/scene.ts";
import {
  type Consent,
  type MenuId,
  type Overlay,
  rootOf,
  textStateOf,
  type View,
  withList,
  withTextState,
} from "../view/view.ts";
import { pageScopes, selectedRef } from "./selection.ts";

export const openMenu = (view: View, menu: MenuId): View => ({
  ...view,
  overlay: { kind: "menu", menu, field: emptyField, cursor: 0 },
});

/** With the answer on Cancel. */
export const openConsent = (view: View, consent: Consent): View => ({
  ...view,
  overlay: { kind: "consent", consent, button: 0, ...(consent.names ? { field: emptyField } : {}) },
});

export function closeOverlay(view: View): View {
  const { overlay: _, ...rest } = view;
  return rest;
}

export function menuItems(scene: Scene, stage: Stage, sources: MenuSources): readonly MenuItem[] {
  const { overlay } = scene.view;
  if (overlay?.kind !== "menu") return [];
  return readMenu(overlay, scene, selectedRef(scene, stage), pageScopes(scene), sources);
}

/** Moves in a menu, or between the answers of a question. Undefined for what is neither. */
export function movedOverlay(action: ActionId, view: View, count: number): View | undefined {
  const { overlay } = view;
  if (overlay?.kind === "consent") {
    const turns: readonly ActionId[] = [
      "dialog.next",
      "dialog.previous",
      "move.left",
      "move.right",
      "move.up",
      "move.down",
    ];
    return turns.includes(action)
      ? { ...view, overlay: { ...overlay, button: 1 - overlay.button } }
      : undefined;
  }
  if (overlay?.kind !== "menu") return undefined;
  const by = steps[action];
  if (by === undefined) return undefined;
  const cursor = Math.max(0, Math.min(Math.min(overlay.cursor, count - 1) + by, count - 1));
  return { ...view, overlay: { ...overlay, cursor } };
}

/** What the cursor is on, as if it had been typed. */
export function completed(view: View, items: readonly MenuItem[]): View | undefined {
  const { overlay } = view;
  if (overlay?.kind !== "menu") return undefined;
  const text = items[Math.min(overlay.cursor, items.length - 1)]?.title;
  return text === undefined
    ? view
    : { ...view, overlay: { ...overlay, field: { text, cursor: text.length }, cursor: 0 } };
}

const steps: Readonly<Partial<Record<ActionId, number>>> = {
  "text.next": 1,
  "text.previous": -1,
  "text.page-down": 10,
  "text.page-up": -10,
};

/** Takes what is typed into a menu or a line; a filter and a search show at once what they find. */
export function typed(view: View, input: Input): View | undefined {
  const { overlay } = view;
  if (!overlay?.field) return undefined;
  const field = edit(overlay.field, input);
  if (!field) return undefined;
  if (overlay.kind === "menu") return { ...view, overlay: { ...overlay, field, cursor: 0 } };
  if (overlay.kind === "consent") return { ...view, overlay: { ...overlay, field } };
  return applied({ ...view, overlay: { ...overlay, field } }, overlay, field.text);
}

/** Gives back what was there before the line was typed. */
export function cancelled(view: View): View {
  const { overlay } = view;
  return closeOverlay(overlay?.kind === "input" ? applied(view, overlay, overlay.was) : view);
}

function applied(view: View, overlay: Extract<Overlay, { kind: "input" }>, text: string): View {
  if (overlay.input === "filter") {
    return withList(view, { ...rootOf(view).list, filter: text, top: 0 });
  }
  const state = textStateOf(view);
  return overlay.input === "search" && state ? withTextState(view, { ...state, search: text }) : view;
}

export function openInput(view: View, input: Extract<Overlay, { kind: "input" }>["input"], text = ""): View {
  return { ...view, overlay: { kind: "input", input, field: { text, cursor: text.length }, was: text } };
}
