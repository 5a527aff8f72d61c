import type { Scope } from "./actions.ts";

/** Whoever asks for the one gets the others too. */
const brings: Readonly<Partial<Record<Scope, readonly Scope[]>>> = {
  list: ["thing", "move"],
  page: ["thing", "move"],
  plan: ["move"],
  log: ["move"],
  dialog: ["move"],
};

/** With all that they bring, nearest first. */
export function expandScopes(scopes: readonly Scope[]): readonly Scope[] {
  return [...new Set([...scopes.flatMap((scope) => [scope, ...(brings[scope] ?? [])]), "always" as const])];
}

/** While these are open, what lies below gets no keys: a key that is not for the dialog must not reach the list. */
const closed: readonly Scope[] = ["dialog", "text"];

export const isModal = (scopes: readonly Scope[]) => scopes.some((scope) => closed.includes(scope));

/** The scopes that are live together: within each, a key means one thing. */
export const together: readonly (readonly Scope[])[] = [
  expandScopes(["list", "global"]),
  expandScopes(["page", "global"]),
  expandScopes(["plan", "global"]),
  expandScopes(["log", "global"]),
  expandScopes(["dialog"]),
  expandScopes(["text"]),
];
