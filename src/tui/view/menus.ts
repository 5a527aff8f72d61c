import { type ActionId, findAction, type Scope } from "../input/actions.ts";
import type { Keymap } from "../input/keymap.ts";
import { type ScreenId, screens } from "../screens/screens.ts";
import { fuzzy } from "../text/fuzzy.ts";
import type { Lab, Ref } from "./lab.ts";
import type { MenuId } from "./view.ts";

/** One line of a menu. */
export interface MenuItem {
  readonly title: string;
  /** Keys, values: what stands on the right. */
  readonly hint?: string;
  /** What it is now. */
  readonly value?: string;
  /** Why it cannot be chosen now; it is shown all the same. */
  readonly why?: string;
  readonly does: Does;
}

/** What choosing it does. */
export type Does =
  | { readonly action: ActionId }
  | { readonly open: Ref }
  | { readonly screen: ScreenId; readonly tab: number }
  | { readonly theme: string }
  | { readonly setting: string; readonly value: unknown };

/** What menus are made from beside the scene. */
export interface MenuSources {
  readonly keymap: Keymap;
  /** With `why` it is there, and cannot be chosen. */
  readonly themes: () => readonly { readonly name: string; readonly title: string; readonly why?: string }[];
  readonly settings: () => readonly (readonly [key: string, value: unknown])[];
}

/** The items that match what was typed, in order. */
export function readMenu(
  menu: MenuId,
  query: string,
  lab: Lab,
  selected: Ref | undefined,
  scopes: readonly Scope[],
  sources: MenuSources,
): readonly MenuItem[] {
  const items = itemsOf(menu, lab, selected, scopes, sources);
  if (query === "") return items;
  return items
    .flatMap((item) => {
      const found = fuzzy(query, item.title);
      return found ? [{ item, score: found.score }] : [];
    })
    .toSorted((a, b) => b.score - a.score)
    .map(({ item }) => item);
}

function itemsOf(
  menu: MenuId,
  lab: Lab,
  selected: Ref | undefined,
  scopes: readonly Scope[],
  sources: MenuSources,
): readonly MenuItem[] {
  switch (menu) {
    case "palette":
      return [...screenItems(), ...actionItems(scopes, sources.keymap), ...thingItems(lab)];
    case "help":
      return actionItems(scopes, sources.keymap);
    case "actions":
      return thingActions(selected, sources.keymap);
    case "themes":
      return sources.themes().map(({ name, title, why }) => ({
        title,
        hint: name,
        does: { theme: name },
        ...(why === undefined ? {} : { why }),
      }));
    case "settings":
      return sources.settings().map(([key, value]) => ({
        title: key,
        value: typeof value === "string" ? value : JSON.stringify(value),
        does: { setting: key, value },
      }));
    default:
      return menu satisfies never;
  }
}

const screenItems = (): readonly MenuItem[] =>
  screens.flatMap(({ id, title, tabs }, index) => [
    { title, hint: `${index + 1}`, does: { screen: id, tab: 0 } },
    ...(tabs.length > 1
      ? tabs.map((tab, at) => ({ title: `${title}: ${tab.title}`, does: { screen: id, tab: at } }))
      : []),
  ]);

/** What is looked for most comes first. */
const helpOrder = ["log", "look", "find", "go", "mark", "move", "scrap", "choose", "change"];

function actionItems(scopes: readonly Scope[], keymap: Keymap): readonly MenuItem[] {
  const groups = keymap
    .help(scopes)
    .toSorted((a, b) => helpOrder.indexOf(a.group) - helpOrder.indexOf(b.group));
  return groups.flatMap(({ rows }) =>
    rows.map(({ id, title, keys }) => {
      const why = whyNotYet(id);
      return { title, hint: keys.join(" "), does: { action: id }, ...(why === undefined ? {} : { why }) };
    }),
  );
}

const thingItems = ({ homelab }: Lab): readonly MenuItem[] => [
  ...homelab.hosts.map(({ name }) => ({
    title: name,
    hint: "host",
    does: { open: { kind: "host" as const, id: name } },
  })),
  ...homelab.services.map(({ service }) => ({
    title: service.name,
    hint: "service",
    does: { open: { kind: "service" as const, id: service.name } },
  })),
];

const looks: readonly ActionId[] = ["thing.open", "thing.logs", "thing.shell", "thing.yaml", "thing.copy"];
const changes: readonly ActionId[] = [
  "thing.deploy",
  "thing.upgrade",
  "thing.snapshot",
  "thing.backups",
  "thing.migrate",
  "thing.empty",
  "thing.jobs",
];

/** Changes come with the engine that plans and undoes them; until then each says so. */
export function whyNotYet(id: ActionId): string | undefined {
  return changes.includes(id) ? "not yet: this version only looks" : undefined;
}

function thingActions(selected: Ref | undefined, keymap: Keymap): readonly MenuItem[] {
  return [...looks, ...changes].map((id) => {
    const why =
      whyNotYet(id) ??
      (selected === undefined
        ? "nothing is selected"
        : id === "thing.logs" && !hasLog(selected)
          ? `a ${selected.kind} has no log`
          : undefined);
    return {
      title: findAction(id)?.title ?? id,
      hint: keymap.keysOf(id).join(" "),
      does: { action: id },
      ...(why === undefined ? {} : { why }),
    };
  });
}

export const hasLog = ({ kind }: Ref): boolean =>
  kind === "service" || kind === "unit" || kind === "container" || kind === "pod" || kind === "project";
