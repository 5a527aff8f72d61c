import { destroyedBy, hostOf, type Plan, type Step } from "../plan/plan.ts";
import { describeCheck, describeStep, effectSigns, factsOf } from "../plan/text.ts";
import type { Style } from "./style.ts";

/** A dry run for people: every step, where, what it does, word by word what the host receives, and how it is checked. */
export function drawPlan(plan: Plan, style: Style): string {
  if (plan.steps.length === 0) return [`${plan.title}: nothing to do.`, ...plan.notes].join("\n");
  const destroys = destroyedBy(plan);
  return [
    plan.title,
    style.muted(`  ${factsOf(plan).join(" · ")}`),
    ...(destroys.length > 0 ? [`  destroys ${destroys.join(", ")}`] : []),
    ...plan.notes.map((note) => `  note: ${note}`),
    ...plan.steps.flatMap((step, index) => drawStep(step, `${index + 1}`, style)),
  ].join("\n");
}

function drawStep(step: Step, number: string, style: Style): readonly string[] {
  const where = hostOf(step) ?? "here";
  const indent = " ".repeat(8);
  return [
    `${number.padStart(4)} ${effectSigns[step.effect]} ${step.title}  ${style.muted(where)}${step.commit ? style.muted("  (no way back after this)") : ""}`,
    ...(step.kind === "wait" ? [] : [style.muted(`${indent}${describeStep(step)}`)]),
    ...(step.diff ?? []).map((line) => `${indent}${paintDifference(line, style)}`),
    ...(step.kind === "wait" ? step.until : step.done ? [step.done] : []).map((check) =>
      style.muted(`${indent}checked: ${check.title} (${describeCheck(check)})`),
    ),
    ...(step.undo ?? []).map((undo) =>
      style.muted(`${indent}way back: ${undo.title} (${describeStep(undo)})`),
    ),
  ];
}

const paintDifference = (line: string, style: Style): string => {
  if (line.startsWith("+")) return style.paint("ok", line);
  return line.startsWith("-") ? style.paint("failed", line) : style.muted(line);
};
