import type { Plan } from "../../plan/plan.ts";
import type { Changing, StepDecision } from "../changing.ts";
import type { ActionId } from "../input/actions.ts";
import type { Keymap } from "../input/keymap.ts";
import type { ScreenId } from "../screens/screens.ts";
import type { Ref } from "./lab.ts";
import type { Verb } from "./verbs.ts";

/** One line of a menu. */
export interface MenuItem {
  readonly title: string;
  /** Keys, values: what stands on the right. */
  readonly hint?: string;
  /** What it is now. */
  readonly value?: string;
  /** Why it cannot be chosen now; it is shown all the same. */
  readonly why?: string;
  /** What would make it possible. */
  readonly hope?: string;
  readonly does: Does;
}

/** What choosing it does. */
export type Does =
  | { readonly action: ActionId }
  | { readonly open: Ref }
  | { readonly screen: ScreenId; readonly tab: number }
  | { readonly theme: string }
  | { readonly setting: string; readonly value: unknown }
  | { readonly verb: Verb; readonly ref: Ref }
  | { readonly answer: string }
  | { readonly run: Plan; readonly page: string }
  | { readonly resume: string; readonly decision?: StepDecision }
  | { readonly unlock: string; readonly isSure?: true }
  | { readonly cancel: string; readonly wish: "stop" | "walk-back"; readonly isSure?: true }
  | { readonly setting: string; readonly becomes: string }
  | { readonly write: true };

/** What menus are made from beside the scene. */
export interface MenuSources {
  readonly keymap: Keymap;
  /** With `why` it is there, and cannot be chosen. */
  readonly themes: () => readonly { readonly name: string; readonly title: string; readonly why?: string }[];
  readonly settings: () => readonly (readonly [key: string, value: unknown])[];
  readonly verbs: readonly Verb[];
  /** Undefined until the inventory was read. */
  readonly changing: () => Changing | undefined;
}
