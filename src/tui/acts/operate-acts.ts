import { Failure } from "../../errors.ts";
import { destroyedBy, downtimeOf, hostOf, type Plan, worstEffect } from "../../plan/plan.ts";
import { describeStep } from "../../plan/text.ts";
import { toDuration } from "../../words.ts";
import type { Changing } from "../changing.ts";
import type { ActionId } from "../input/actions.ts";
import { emptyField } from "../input/text-field.ts";
import { readOnly, sayWhyNot, whyNotVerb } from "../view/change-items.ts";
import { nameOfRef, type Ref, titleOfRef } from "../view/lab.ts";
import type { Does } from "../view/menu-item.ts";
import type { Answers, Asking, Verb } from "../view/verbs.ts";
import { type MenuOverlay, type Page, type PlanState, pageOf, type View } from "../view/view.ts";
import type { Desk } from "./desk.ts";
import { goTo, open } from "./go-acts.ts";
import { closeOverlay, openConsent, openInput, openMenu } from "./menu-acts.ts";
import { selectedRef } from "./selection.ts";

/** Asks what the verb wants to know, and then for its plan. */
export function choose(desk: Desk, verb: Verb, ref: Ref, answers: Answers = {}) {
  const ask = verb.asks?.find(({ id }) => !Object.hasOwn(answers, id));
  if (!ask) return openPlan(desk, verb, ref, answers);
  const asking = { verb, ref, answers, ask };
  const overlay = { kind: "menu", menu: "ask", field: emptyField, cursor: 0, asking } as const;
  desk.look((view) => ({ ...view, overlay }));
  const changing = desk.source()?.changing;
  if (changing && ask.find) find(desk, ask.find(ref, changing), asking);
}

/** Who asks for something else meanwhile does not want what is found. */
function find({ look, complain }: Desk, finding: Promise<Asking["found"] & object>, asking: Asking) {
  const change = (to: (view: View, overlay: MenuOverlay) => View) =>
    look((view) =>
      view.overlay?.kind === "menu" && view.overlay.asking === asking ? to(view, view.overlay) : view,
    );
  finding.then(
    (found) =>
      change((view, overlay) => ({ ...view, overlay: { ...overlay, asking: { ...asking, found } } })),
    (error: unknown) => {
      change(closeOverlay);
      complain(error);
    },
  );
}

/** By its key, what the menu would do, or why not. */
export function chooseByKey(desk: Desk, action: ActionId): boolean {
  const verbs = desk.menus.verbs.filter((each) => each.action === action);
  const ref = selectedRef(desk.now(), desk.stage);
  const [verb, ...others] = verbs.filter(({ kinds }) => ref && kinds.includes(ref.kind));
  if (verbs.length === 0) return false;
  if (!ref || !verb) desk.say(`${verbs[0]?.title}: ${ref ? `not of a ${ref.kind}` : "nothing is selected"}.`);
  else if (others.length > 0) {
    const overlay = { kind: "menu", menu: "actions", field: emptyField, cursor: 0, only: action } as const;
    desk.look((view) => ({ ...view, overlay }));
  } else chooseIfPossible(desk, verb, ref);
  return true;
}

/** Or says why not. */
export function chooseIfPossible(desk: Desk, verb: Verb, ref: Ref) {
  const why = whyNotVerb(verb, ref, desk.now(), desk.menus);
  if (why) desk.say(sayWhyNot(verb.title, why.whyNot, why.hint));
  else choose(desk, verb, ref);
}

let opened = 0;

/** The page is there at once, and the plan when it comes; who went back meanwhile does not want it any more. */
function openPlan({ look, source }: Desk, verb: Verb, ref: Ref, answers: Answers) {
  const key = `plan ${++opened}`;
  const title = `${verb.title} ${nameOfRef(ref)}`;
  const page: Page = { kind: "plan", key, title, state: { is: "planning" }, cursor: 0, top: 0 };
  const put = (state: PlanState) =>
    look((view) =>
      withPage(view, key, (before) => ({
        ...before,
        state,
        ...(state.is === "planned" ? { title: state.plan.title } : {}),
      })),
    );
  look((view) => ({ ...view, opened: [...view.opened, page] }));
  source()
    ?.changing.plan(verb.toRequest(ref.id, answers))
    .then(
      (plan) => put({ is: "planned", plan }),
      (error: unknown) => put(toRefusal(error)),
    );
}

function toRefusal(error: unknown): PlanState {
  const why = error instanceof Error ? error.message : String(error);
  const hint = error instanceof Failure ? error.hint : undefined;
  return { is: "refused", why, ...(hint === undefined ? {} : { hint }) };
}

function withPage(view: View, key: string, change: (page: Page & { kind: "plan" }) => Page): View {
  if (!view.opened.some((page) => page.kind === "plan" && page.key === key)) return view;
  return {
    ...view,
    opened: view.opened.map((page) => (page.kind === "plan" && page.key === key ? change(page) : page)),
  };
}

/** From the plan that is shown to the question whether to do it. */
export function runPlan(desk: Desk) {
  const page = pageOf(desk.now().view);
  if (page?.kind !== "plan") return;
  if (page.state.is !== "planned")
    return desk.say(page.state.is === "planning" ? "The plan is not there yet." : "It cannot be done.");
  const { plan } = page.state;
  if (plan.steps.length === 0) return desk.say("There is nothing to do.");
  if (refused(desk)) return;
  const does = { run: plan, page: page.key };
  if (worstEffect(plan) === "reads") return carry(desk, does);
  const names = [...new Set(destroyedBy(plan))];
  const consent = {
    title: `${plan.title}?`,
    lines: consentLines(plan),
    confirm: "Carry it out",
    does,
    ...(names.length > 0 ? { names } : {}),
  };
  desk.look((view) => openConsent(view, consent));
}

function consentLines(plan: Plan): readonly string[] {
  const downMs = downtimeOf(plan);
  const destroys = destroyedBy(plan);
  return [
    `On ${plan.hosts.join(", ")}${downMs > 0 ? `; away for about ${toDuration(downMs)}` : ""}.`,
    ...(destroys.length > 0 ? [`Destroys ${destroys.join(", ")}.`] : []),
    "",
    ...plan.steps
      .filter(({ effect }) => effect !== "reads")
      .map((step) => `${hostOf(step) ?? "here"}: ${describeStep(step, "short")}`),
  ];
}

/** Every command and check word by word, or for a glance. */
export const toggleFull = ({ look }: Desk) =>
  look((view) => {
    const page = pageOf(view);
    return page?.kind === "plan"
      ? withPage(view, page.key, (before) => ({ ...before, isFull: !before.isFull, top: 0 }))
      : view;
  });

export function savePlan(desk: Desk) {
  const page = pageOf(desk.now().view);
  if (page?.kind !== "plan" || page.state.is !== "planned") return desk.say("There is no plan to keep.");
  const name = `${page.state.plan.id}.json`;
  desk.look((view) => openInput(view, "save to", name));
}

type Change = Extract<Does, { run: Plan } | { resume: string } | { cancel: string } | { unlock: string }>;

export const isChange = (does: Does): does is Change =>
  "run" in does || "resume" in does || "cancel" in does || "unlock" in does;

/** Begins, resumes or cancels an operation. */
export function carry(desk: Desk, does: Change) {
  const changing = desk.source()?.changing;
  if (!changing || refused(desk)) return;
  if ("run" in does) {
    const { run, page } = does;
    changing.start(run).then(() => showBegun(desk, run, page), desk.complain);
  } else if ("resume" in does) {
    changing.resume(does.resume, does.decision).then(() => desk.say("It goes on."), desk.complain);
  } else if ("unlock" in does) {
    if (!does.isSure) return makeSure(desk, does.unlock, sureToUnlock, { ...does, isSure: true });
    changing.unlock(does.unlock).then(() => desk.say("Its hosts are free again."), desk.complain);
  } else if (does.wish === "walk-back" && !does.isSure) {
    makeSure(desk, does.cancel, sureToWalkBack, { ...does, isSure: true });
  } else {
    sayWish(desk, changing, does);
  }
}

function sayWish(desk: Desk, changing: Changing, { cancel, wish }: Extract<Does, { cancel: string }>) {
  try {
    const isHeard = changing.cancel(cancel, wish);
    desk.say(
      !isHeard
        ? "Nobody carries it out any more."
        : wish === "stop"
          ? "It stops after this step."
          : "It cancels the step and walks back.",
    );
  } catch (error) {
    desk.complain(error);
  }
}

const sureToWalkBack = {
  lines: ["The step that runs is ended, and what was changed so far is put back, as far as the plan can."],
  confirm: "Cancel it and walk back",
};

const sureToUnlock = {
  lines: [
    "Its hosts can be changed by others again, though it is half done there.",
    "It stays as it is, and can be resumed as long as nobody else holds them.",
  ],
  confirm: "Give up its locks",
};

function makeSure(desk: Desk, id: string, words: typeof sureToWalkBack, does: Does) {
  const title = `${titleOfRef({ kind: "operation", id }, desk.now().lab)}: ${words.confirm.toLowerCase()}?`;
  desk.look((view) => openConsent(view, { title, ...words, does }));
}

/** In the place of its plan. Who went on to something else is told where it is. */
function showBegun(desk: Desk, plan: Plan, page: string) {
  const { view } = desk.now();
  const here = pageOf(view);
  if (here?.kind !== "plan" || here.key !== page) return desk.say(`${plan.title}: begun, activity shows it`);
  desk.look((before) => ({ ...before, opened: before.opened.slice(0, -1) }));
  open(desk, { kind: "operation", id: plan.id });
}

/** What was allowed when the menu opened may be no more. */
function refused(desk: Desk): boolean {
  if (!desk.now().view.readOnly) return false;
  const { whyNot, hint } = readOnly(desk.menus.keymap);
  desk.say(sayWhyNot("Nothing was done", whyNot, hint));
  return true;
}

/** Of an operation what can be done with it; anywhere else, all operations. */
export function openJobs(desk: Desk) {
  if (selectedRef(desk.now(), desk.stage)?.kind === "operation")
    return desk.look((view) => openMenu(view, "actions"));
  goTo(desk, "activity");
}
