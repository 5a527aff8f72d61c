import { destroyedBy, hostOf, type Plan, type Step } from "../plan/plan.ts";
import { describeCheck, describeStep, effectSigns, factsOf } from "../plan/text.ts";
import type { Style } from "./style.ts";

/**
 * A plan for people: every step, where, what it does, and how it is checked. `isFull`: word by word what the host
 * receives, as it can be copied; else for a glance, and no wider than the screen.
 */
export function drawPlan(plan: Plan, style: Style, isFull = false): string {
  if (plan.steps.length === 0) return [`${plan.title}: nothing to do.`, ...plan.notes].join("\n");
  const destroys = destroyedBy(plan);
  const draw = isFull ? drawFully : drawShortly;
  return [
    plan.title,
    ...wrapped(`  ${factsOf(plan).join(" · ")}`, style).map(style.muted),
    ...(destroys.length > 0 ? wrapped(`  destroys ${destroys.join(", ")}`, style) : []),
    ...plan.notes.flatMap((note) => wrapped(`  note: ${note}`, style)),
    ...plan.steps.flatMap((step, index) => draw(step, `${index + 1}`.padStart(4), style)),
    ...(isFull ? [] : [style.muted("  -o wide shows every command and check word by word")]),
  ].join("\n");
}

const indent = " ".repeat(8);

const checksOf = (step: Step) => (step.kind === "wait" ? step.until : step.done ? [step.done] : []);

const titleOf = (step: Step, number: string, style: Style) =>
  `${number} ${effectSigns[step.effect]} ${step.title}  ${style.muted(hostOf(step) ?? "here")}${step.commit ? style.muted("  (no way back after this)") : ""}`;

function drawShortly(step: Step, number: string, style: Style): readonly string[] {
  const say = (text: string) => wrapped(`${indent}${text}`, style).map(style.muted);
  return [
    titleOf(step, number, style),
    ...(step.kind === "wait" ? [] : say(describeStep(step, "short"))),
    ...drawDifference(step, style),
    ...checksOf(step).flatMap(({ title }) => say(`checked: ${title}`)),
    ...(step.undo ?? []).flatMap(({ title }) => say(`way back: ${title}`)),
  ];
}

function drawFully(step: Step, number: string, style: Style): readonly string[] {
  const say = (text: string) => style.muted(`${indent}${text}`);
  return [
    titleOf(step, number, style),
    ...(step.kind === "wait" ? [] : [say(describeStep(step))]),
    ...drawDifference(step, style),
    ...checksOf(step).map((check) => say(`checked: ${check.title} (${describeCheck(check)})`)),
    ...(step.undo ?? []).map((undo) => say(`way back: ${undo.title} (${describeStep(undo)})`)),
  ];
}

function drawDifference({ diff = [] }: Step, style: Style): readonly string[] {
  return diff.map((line) => `${indent}${paintDifference(line, style)}`);
}

const paintDifference = (line: string, style: Style): string => {
  if (line.startsWith("+")) return style.paint("ok", line);
  return line.startsWith("-") ? style.paint("failed", line) : style.muted(line);
};

/** Broken between words where the screen ends, each line as far in as the first. A long word is left whole: it is to be copied. */
function wrapped(text: string, { columns }: Style): readonly string[] {
  const [margin = ""] = /^ */.exec(text) ?? [];
  const lines: string[] = [];
  let current = margin;
  for (const word of text.slice(margin.length).split(" ")) {
    const longer = current === margin ? `${margin}${word}` : `${current} ${word}`;
    if (longer.length > columns && current !== margin) {
      lines.push(current);
      current = `${margin}${word}`;
    } else current = longer;
  }
  return [...lines, current];
}
