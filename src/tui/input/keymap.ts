import { UsageError } from "../../errors.ts";
import { type Action, type ActionId, actions, findAction, type Scope } from "./actions.ts";
import { isTyped, normaliseKey } from "./key-names.ts";
import { expandScopes, together } from "./scopes.ts";

export interface Keymap {
  /** Of the first of these scopes that knows the key. */
  readonly actionFor: (key: string, scopes: readonly Scope[]) => ActionId | undefined;
  readonly keysOf: (id: ActionId) => readonly string[];
  /** What can be pressed there, for people. */
  readonly help: (scopes: readonly Scope[]) => readonly HelpGroup[];
}

export interface HelpGroup {
  readonly group: Action["group"];
  readonly rows: readonly HelpRow[];
}

export interface HelpRow {
  readonly id: ActionId;
  readonly keys: readonly string[];
  readonly title: string;
}

/**
 * The default keys with the user's instead, where there are any. Throws `UsageError` that names `file` and field for an
 * unknown action, an unknown key, or a key that would mean two things.
 */
export function createKeymap(
  overrides: Readonly<Record<string, string | readonly string[]>>,
  file = "settings",
): Keymap {
  const keys = new Map<ActionId, readonly string[]>(actions.map(({ id, keys }) => [id, keys]));
  for (const [id, written] of Object.entries(overrides)) {
    const field = `${file}: keys: ${id}`;
    const action = findAction(id);
    if (!action) throw new UsageError(`${field}: there is no such action${hintFor(id)}`);
    keys.set(action.id, readKeys(action, [written].flat(), field));
  }
  const keysOf = (id: ActionId) => keys.get(id) ?? [];
  for (const scopes of together) refuseOverlaps(scopes, keysOf, overrides, file);
  const byKey = indexKeys(keysOf);
  return {
    actionFor: (key, scopes) => {
      for (const scope of expandScopes(scopes)) {
        const id = byKey.get(scope)?.get(key);
        if (id !== undefined) return id;
      }
      return undefined;
    },
    keysOf,
    help: (scopes) => {
      const live = expandScopes(scopes);
      const rows = live.flatMap((scope) => actions.filter((action) => action.scope === scope));
      const groups = Map.groupBy(rows, ({ group }) => group);
      return Array.from(groups, ([group, members]) => ({
        group,
        rows: members.map(({ id, title }) => ({ id, title, keys: keysOf(id) })),
      }));
    },
  };
}

function readKeys(action: Action, written: readonly string[], field: string): readonly string[] {
  return written.map((text) => {
    const key = normaliseKey(text);
    if (key === undefined) {
      throw new UsageError(`${field}: there is no key ${JSON.stringify(text)}`, {
        hint: "A key is one character, or a name such as enter, esc, tab, pageup, f1, ctrl+x, alt+x, shift+up",
      });
    }
    if (action.scope === "text" && isTyped(key))
      throw new UsageError(`${field}: ${key} is a character, which the text field takes for itself`);
    return key;
  });
}

function refuseOverlaps(
  scopes: readonly Scope[],
  keysOf: (id: ActionId) => readonly string[],
  overrides: Readonly<Record<string, unknown>>,
  file: string,
) {
  const taken = new Map<string, Action>();
  for (const action of actions) {
    if (!scopes.includes(action.scope)) continue;
    for (const key of keysOf(action.id)) {
      const other = taken.get(key);
      taken.set(key, action);
      if (other === undefined || other === action) continue;
      const [mine, theirs] = Object.hasOwn(overrides, action.id) ? [action, other] : [other, action];
      throw new UsageError(
        `${file}: keys: ${mine.id}: ${key} is already the key of ${theirs.id} (${theirs.title})`,
        { hint: `Give ${theirs.id} another key, or ${mine.id}` },
      );
    }
  }
}

function indexKeys(keysOf: (id: ActionId) => readonly string[]) {
  const byKey = new Map<Scope, Map<string, ActionId>>();
  for (const { id, scope } of actions) {
    const inScope = byKey.get(scope) ?? new Map<string, ActionId>();
    for (const key of keysOf(id)) inScope.set(key, id);
    byKey.set(scope, inScope);
  }
  return byKey;
}

/** Actions that share the last word, or begin alike. */
function hintFor(id: string): string {
  const word =
    id
      .toLowerCase()
      .split(/[.\s_-]/)
      .at(-1) ?? "";
  const near = actions.filter(
    (action) => action.id.endsWith(word) || action.title.toLowerCase() === id.toLowerCase(),
  );
  const meant = near.length > 0 ? near : actions.filter((action) => action.id.startsWith(id.slice(0, 4)));
  return meant.length > 0 && word !== "" ? `; there is ${meant.map((action) => action.id).join(", ")}` : "";
}
