import { always, global, perThing } from "./actions-everywhere.ts";
import { inDialog, inList, inLog, inPlan, inText, movement } from "./actions-in-place.ts";

/** Where a key is looked up. What brings which other is in `scopes.ts`. */
export type Scope =
  | "always"
  | "global"
  | "move"
  | "thing"
  | "list"
  | "page"
  | "plan"
  | "log"
  | "dialog"
  | "text";

export type Group = "move" | "look" | "find" | "mark" | "go" | "change" | "log" | "choose" | "scrap";

/** What a row of the tables has. */
export interface ActionData {
  readonly id: string;
  /** For help: short, without a full stop. */
  readonly title: string;
  readonly keys: readonly string[];
  readonly scope: Scope;
  readonly group: Group;
}

const table = [
  ...movement,
  ...inList,
  ...perThing,
  ...global,
  ...inPlan,
  ...inLog,
  ...inDialog,
  ...inText,
  ...always,
] as const;

export type ActionId = (typeof table)[number]["id"];

export interface Action extends ActionData {
  readonly id: ActionId;
}

/** Everything a key can do, in the order of help. */
export const actions: readonly Action[] = table;

const byId = new Map<string, Action>(actions.map((action) => [action.id, action]));

export const findAction = (id: string): Action | undefined => byId.get(id);
