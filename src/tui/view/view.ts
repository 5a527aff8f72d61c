import type { Plan } from "../../plan/plan.ts";
import type { ActionId } from "../input/actions.ts";
import type { TextField } from "../input/text-field.ts";
import type { ScreenId } from "../screens/screens.ts";
import type { Ref } from "./lab.ts";
import type { Does } from "./menu-item.ts";
import type { Asking } from "./verbs.ts";

/** What the person looks at: all that the cockpit remembers beside what is known of the homelab. */
export interface View {
  readonly screen: ScreenId;
  readonly roots: Readonly<Partial<Record<ScreenId, RootState>>>;
  /** What was opened on top of the screen, the newest last. */
  readonly opened: readonly Page[];
  readonly overlay?: Overlay;
  readonly onlyProblems: boolean;
  readonly readOnly: boolean;
  readonly paused: boolean;
  /** Said in the footer until the next key. */
  readonly notice?: { readonly text: string; readonly isBad: boolean };
}

export interface RootState {
  readonly tab: number;
  readonly list: ListState;
}

export interface ListState {
  /** The row under the cursor; it stays there while rows move. */
  readonly selected?: string;
  /** Where it stood: when it goes, the cursor stays at that height. */
  readonly index: number;
  /** The first entry shown. */
  readonly top: number;
  readonly filter: string;
  /** What was filtered by last: the keys of next and previous look for it when the filter is gone. */
  readonly sought?: string;
  readonly sort?: { readonly column: string; readonly descending: boolean };
  readonly marked: ReadonlySet<string>;
  /** Where a range of marks began. */
  readonly anchor?: string;
}

/** A thing's own page, a plan before it runs, or a text such as a log. */
export type Page = ThingPage | PlanPage | { readonly kind: "text"; readonly text: TextState };

export interface ThingPage {
  readonly kind: "thing";
  readonly ref: Ref;
  readonly cursor: number;
  readonly top: number;
}

export interface PlanPage {
  readonly kind: "plan";
  /** Its own, to find it again when its plan comes. */
  readonly key: string;
  readonly title: string;
  readonly state: PlanState;
  /** With every command and check word by word. */
  readonly isFull?: boolean;
  readonly cursor: number;
  readonly top: number;
}

export type PlanState =
  | { readonly is: "planning" }
  | { readonly is: "planned"; readonly plan: Plan }
  | { readonly is: "refused"; readonly why: string; readonly hint?: string };

export interface TextState {
  readonly title: string;
  /** The key of its lines in `Texts`. */
  readonly source: string;
  /** Whose log it is. */
  readonly refs?: readonly Ref[];
  /** The first line shown; absent while it follows the end. */
  readonly top?: number;
  readonly wrap: boolean;
  readonly times: boolean;
  readonly search: string;
  /** Of a log: whose it is, and which of the spans of time it is read for. */
  readonly log?: { readonly refs: readonly Ref[]; readonly span: number };
}

/** What lies above the page and takes the keys. */
export type Overlay =
  | MenuOverlay
  | { readonly kind: "input"; readonly input: InputId; readonly field: TextField; readonly was: string }
  | ConsentOverlay;

export interface MenuOverlay {
  readonly kind: "menu";
  readonly menu: MenuId;
  readonly field: TextField;
  readonly cursor: number;
  /** Of the actions those of one key alone. */
  readonly only?: ActionId;
  /** What the menu `ask` is about. */
  readonly asking?: Asking;
}

export interface ConsentOverlay {
  readonly kind: "consent";
  readonly consent: Consent;
  /** 0 is Cancel. */
  readonly button: number;
  /** Where a name has to be typed, and how many were. */
  readonly field?: TextField;
  readonly typed?: number;
}

/** What a line that is typed in the footer is for: `filter`, `search`, `save to`, or a setting by its key. */
export type InputId = "filter" | "search" | "save to" | `set ${string}`;

export type MenuId = "palette" | "help" | "actions" | "ask" | "themes" | "settings";

/** A question before something is done. Cancel comes first, and has the cursor. */
export interface Consent {
  readonly title: string;
  readonly lines: readonly string[];
  readonly confirm: string;
  /** The names of what is destroyed: they are typed, one after the other. */
  readonly names?: readonly string[];
  readonly does: Does;
}

export const newList: ListState = { index: 0, top: 0, filter: "", marked: new Set() };

export const newText = (title: string, source: string, refs?: readonly Ref[]): TextState => ({
  title,
  source,
  ...(refs ? { refs } : {}),
  wrap: false,
  times: true,
  search: "",
});

/** What was sent to hosts, as long as the cockpit is open. */
export const commandLog = newText("Commands that were sent", "commands");

export const newView = (screen: ScreenId, readOnly: boolean): View => ({
  screen,
  roots: {},
  opened: [],
  onlyProblems: false,
  readOnly,
  paused: false,
});

export const rootOf = ({ roots, screen }: View): RootState => roots[screen] ?? { tab: 0, list: newList };

/** The text that is read now, if one is. */
export function textStateOf(view: View): TextState | undefined {
  const page = pageOf(view);
  return page?.kind === "text" ? page.text : undefined;
}

export const withTextState = (view: View, text: TextState): View => ({
  ...view,
  opened: [...view.opened.slice(0, -1), { kind: "text", text }],
});

export function withList(view: View, list: ListState): View {
  return { ...view, roots: { ...view.roots, [view.screen]: { ...rootOf(view), list } } };
}

export const pageOf = ({ opened }: View): Page | undefined => opened.at(-1);
