import { type ActionId, findAction } from "../input/actions.ts";
import type { Layer } from "../input/key-stack.ts";
import { screenIds } from "../screens/screens.ts";
import { isTooSmall } from "../view/layout.ts";
import { whyNotYet } from "../view/verbs.ts";
import { pageOf, rootOf, textStateOf } from "../view/view.ts";
import { createDesk, type Desk, type DeskOptions } from "./desk.ts";
import { back, goTo, openCommands } from "./go-acts.ts";
import { nameForFile, openLogs, since } from "./log-acts.ts";
import { openInput, openMenu } from "./menu-acts.ts";
import { clicked } from "./mouse-acts.ts";
import { moved } from "./move-acts.ts";
import { chooseByKey, openJobs, runPlan, savePlan, toggleFull } from "./operate-acts.ts";
import { createOverlayLayer, toggleWrite } from "./overlay-acts.ts";
import { toggleProblems } from "./problem-acts.ts";
import { pageScopes } from "./selection.ts";
import { copy, describe, openSelected, openShell, openYaml, refresh, togglePause } from "./thing-acts.ts";

/** Turns actions into what is looked at next, and into what is done. The two layers of keys: the page, and what lies on it. */
export function createController(options: DeskOptions): readonly [page: Layer, overlay: Layer] {
  const desk = createDesk(options);
  const { now, look, say, stage } = desk;

  /** True when it was done. */
  function act(action: ActionId, key = ""): boolean {
    desk.silence();
    // What nobody sees nobody does.
    if (isTooSmall(now().size) && action !== "scrap.leave" && !action.startsWith("terminal.")) {
      if (action === "go.back" && key !== "esc") options.leave();
      return true;
    }
    const refusal = whyNotYet(action, options.menus.verbs)?.whyNot;
    const next = refusal === undefined ? moved(action, now(), stage) : undefined;
    const screen = screenIds.find((id) => action === `screen.${id}`);
    const effect = effects[action];
    if (refusal !== undefined) say(`${findAction(action)?.title}: ${refusal}`);
    else if (next) look(() => next);
    else if (screen) goTo(desk, screen);
    else if (effect) effect(desk, key);
    else if (chooseByKey(desk, action)) return true;
    else return false;
    return true;
  }

  const page: Layer = {
    get scopes() {
      return pageScopes(now());
    },
    act,
    mouse: (input) => {
      const done = clicked(input, now(), stage);
      if (done === undefined) return false;
      if (done === "open") return act("thing.open");
      look(() => done);
      return true;
    },
  };
  return [page, createOverlayLayer(desk, act)];
}

/** What neither moves nor goes to a screen. */
const effects: Readonly<Partial<Record<ActionId, (desk: Desk, key: string) => void>>> = {
  "thing.open": openSelected,
  "thing.describe": describe,
  "thing.yaml": (desk) => void openYaml(desk).catch(desk.complain),
  "thing.logs": openLogs,
  "thing.copy": copy,
  "thing.shell": openShell,
  "thing.jobs": openJobs,
  "plan.run": runPlan,
  "plan.full": toggleFull,
  "plan.save": savePlan,
  "thing.actions": ({ look }) => look((view) => openMenu(view, "actions")),
  "go.back": back,
  "go.palette": ({ look }) => look((view) => openMenu(view, "palette")),
  "go.help": ({ look }) => look((view) => openMenu(view, "help")),
  "go.themes": ({ look }) => look((view) => openMenu(view, "themes")),
  "go.settings": ({ look }) => look((view) => openMenu(view, "settings")),
  "go.commands": openCommands,
  "find.start": startFind,
  "find.problems": toggleProblems,
  "refresh.pause": togglePause,
  "refresh.now": refresh,
  "scrap.write": toggleWrite,
  "scrap.leave": ({ leave }) => leave(),
  "terminal.redraw": ({ terminal }) => terminal.redraw(),
  "terminal.stop": ({ terminal }) => terminal.stop(),
  "log.since": since,
  "log.save": (desk) => desk.look((view) => openInput(view, "save to", nameForFile(desk))),
  "log.copy": copy,
};

/** A filter for a list, a search in a text. */
function startFind({ look }: Desk): void {
  look((view) => {
    const text = textStateOf(view);
    if (text) return openInput(view, "search", text.search);
    return pageOf(view) ? view : openInput(view, "filter", rootOf(view).list.filter);
  });
}
