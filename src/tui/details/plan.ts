import { destroyedBy, type Effect, hostOf, type Plan, type Step } from "../../plan/plan.ts";
import { describeCheck, describeStep, effectSigns, factsOf } from "../../plan/text.ts";
import { type Line, line, sign, span } from "../line.ts";
import type { Token } from "../theme/tokens.ts";
import type { PlanState } from "../view/view.ts";
import { type DetailLine, type Section, section } from "./section.ts";

/** A plan before it runs: every step, where, what the host receives, how it is checked, and the way back. `isFull`: word by word. */
export function planSections(state: PlanState, isFull = false): readonly Section[] {
  switch (state.is) {
    case "planning":
      return section("PLAN", [{ line: line(span("Asking the hosts …", "muted")) }]);
    case "refused":
      return section("CANNOT BE DONE", [
        { line: line(sign("failed"), " ", span(state.why, "failed")), wraps: true },
        ...(state.hint === undefined ? [] : [muted("  ", state.hint)]),
      ]);
    case "planned":
      return sectionsOf(state.plan, isFull);
    default:
      return state satisfies never;
  }
}

function sectionsOf(plan: Plan, isFull: boolean): readonly Section[] {
  const destroys = destroyedBy(plan);
  const back = plan.steps.toReversed().flatMap(({ undo = [] }) => undo);
  return [
    ...section(
      "PLAN",
      [{ line: line(span(factsOf(plan).join(" · "))), wraps: true }],
      [muted("on    ", plan.hosts.join(", "))],
      destroys.map((name) => ({
        line: line(span("destroys  ", "failed"), span(name, "failed")),
        wraps: true,
      })),
      plan.notes.map((note) => ({ line: line(span("note  ", "muted"), span(note)), wraps: true })),
    ),
    ...section(
      "STEPS",
      plan.steps.flatMap((step, index) => stepLines(step, index, isFull)),
    ),
    ...section(
      "THE WAY BACK",
      plan.onFailure === "walk-back" ? back.flatMap((step) => backLines(step, isFull)) : [],
    ),
    ...section("NOTHING TO DO", plan.steps.length === 0 ? [{ line: line("All is as it should be.") }] : []),
  ];
}

const tokens: Record<Effect, Token> = {
  reads: "muted",
  changes: "accent",
  interrupts: "warning",
  destroys: "failed",
};

function stepLines(step: Step, index: number, isFull: boolean): readonly DetailLine[] {
  const number = `${index + 1}`.padStart(3);
  const checks = step.kind === "wait" ? step.until : step.done ? [step.done] : [];
  return [
    {
      line: line(
        span(`${number} `, "muted"),
        span(effectSigns[step.effect], tokens[step.effect]),
        ` ${step.title}`,
        span(`  ${hostOf(step) ?? "here"}${step.commit ? "  no way back after this" : ""}`, "muted"),
      ),
    },
    ...(step.kind === "wait" ? [] : [muted(indent, describeStep(step, isFull ? "full" : "short"))]),
    ...checks.map((check) =>
      muted(`${indent}checked: `, isFull ? `${check.title} (${describeCheck(check)})` : check.title),
    ),
  ];
}

const backLines = (step: Step, isFull: boolean): readonly DetailLine[] => [
  { line: line(step.title, span(`  ${hostOf(step) ?? "here"}`, "muted")) },
  muted("  ", describeStep(step, isFull ? "full" : "short")),
];

const indent = " ".repeat(6);

/** Exact words are read to their end. */
const muted = (before: string, text: string): DetailLine => ({
  line: [span(before, "muted"), span(text, "muted")] satisfies Line,
  wraps: true,
});
