import { type ActionId, findAction, type Scope } from "../input/actions.ts";
import type { Keymap } from "../input/keymap.ts";
import { screens } from "../screens/screens.ts";
import { fuzzy } from "../text/fuzzy.ts";
import { changeItems, operationItems, operationOf } from "./change-items.ts";
import type { Lab, Ref } from "./lab.ts";
import type { MenuItem, MenuSources } from "./menu-item.ts";
import type { Scene } from "./scene.ts";
import { type Asking, whyNotYet } from "./verbs.ts";
import type { MenuOverlay } from "./view.ts";

/** The items that match what was typed, in order. */
export function readMenu(
  overlay: MenuOverlay,
  scene: Scene,
  selected: Ref | undefined,
  scopes: readonly Scope[],
  sources: MenuSources,
): readonly MenuItem[] {
  const items = itemsOf(overlay, scene, selected, scopes, sources);
  const query = overlay.field.text;
  if (query === "" || (overlay.asking && !overlay.asking.ask.choices && !overlay.asking.ask.find))
    return items;
  return items
    .flatMap((item) => {
      const found = fuzzy(query, item.title);
      return found ? [{ item, score: found.score }] : [];
    })
    .toSorted((a, b) => b.score - a.score)
    .map(({ item }) => item);
}

function itemsOf(
  { menu, field, asking, only }: MenuOverlay,
  scene: Scene,
  selected: Ref | undefined,
  scopes: readonly Scope[],
  sources: MenuSources,
): readonly MenuItem[] {
  const { lab } = scene;
  switch (menu) {
    case "palette":
      return [
        ...screenItems(),
        ...actionItems(scopes, sources),
        ...thingItems(lab),
        // They are many, and found by their words.
        ...(field.text === "" ? [] : verbItems(lab, sources)),
      ];
    case "help":
      return actionItems(scopes, sources);
    case "actions": {
      const operation = operationOf(selected, lab);
      return [
        ...(operation ? operationItems(operation, scene, sources) : []),
        ...lookItems(selected, sources.keymap),
        ...(operation ? [] : changeItems(selected, scene, sources)),
      ].filter(({ does }) => only === undefined || ("verb" in does && does.verb.action === only));
    }
    case "ask":
      return asking ? answerItems(asking, field.text, lab) : [];
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

function answerItems({ ask, ref, found }: Asking, typed: string, lab: Lab): readonly MenuItem[] {
  const choices = ask.find ? (found ?? []) : ask.choices?.(ref, lab);
  if (choices)
    return choices.map(({ title, answer, about }) => ({
      title,
      does: { answer },
      ...(about === undefined ? {} : { value: about }),
    }));
  if (typed !== "") return [{ title: typed, does: { answer: typed } }];
  return ask.otherwise === undefined ? [] : [{ title: ask.otherwise, does: { answer: "" } }];
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

function actionItems(scopes: readonly Scope[], { keymap, verbs }: MenuSources): readonly MenuItem[] {
  const groups = keymap
    .help(scopes)
    .toSorted((a, b) => helpOrder.indexOf(a.group) - helpOrder.indexOf(b.group));
  return groups.flatMap(({ rows }) =>
    rows.map(({ id, title, keys }) => {
      const why = whyNotYet(id, verbs)?.whyNot;
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

/** As the command line says them: `restart mail`. Whether it is possible is asked of the one that is chosen: of all it would take long. */
function verbItems({ homelab }: Lab, { verbs }: MenuSources): readonly MenuItem[] {
  const refs: readonly Ref[] = [
    ...homelab.services.map(({ service }) => ({ kind: "service" as const, id: service.name })),
    ...homelab.hosts.map(({ name }) => ({ kind: "host" as const, id: name })),
  ];
  return refs.flatMap((ref) =>
    verbs
      .filter(({ kinds }) => kinds.includes(ref.kind))
      .map((verb) => ({
        title: `${verb.verb.replace("-host", "")} ${ref.id}`,
        hint: "change",
        does: { verb, ref },
      })),
  );
}

const looks: readonly ActionId[] = ["thing.open", "thing.logs", "thing.shell", "thing.yaml", "thing.copy"];
function lookItems(selected: Ref | undefined, keymap: Keymap): readonly MenuItem[] {
  return looks.map((id) => {
    const why =
      selected === undefined
        ? "nothing is selected"
        : id === "thing.logs" && !hasLog(selected)
          ? `a ${selected.kind} has no log`
          : undefined;
    return {
      title: findAction(id)?.title ?? id,
      hint: keymap.keysOf(id).join(" "),
      does: { action: id },
      ...(why === undefined ? {} : { why }),
    };
  });
}

const withLog: readonly Ref["kind"][] = ["service", "unit", "container", "pod", "project", "operation"];

export const hasLog = ({ kind }: Ref): boolean => withLog.includes(kind);
