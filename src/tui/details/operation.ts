import { type Operation, type StepState, withUndo } from "../../journal/operation.ts";
import {
  isUnfinished,
  type OperationSummary,
  type Standing,
  sayStanding,
  severityOf,
  standingOf,
} from "../../journal/standing.ts";
import { hostOf, type Step } from "../../plan/plan.ts";
import { describeStep } from "../../plan/text.ts";
import { toAge, toDuration } from "../../words.ts";
import { type Line, line, type Shown, type Span, sign, span, tokenOf } from "../line.ts";
import type { Look } from "../theme/look.ts";
import { type DetailLine, fact, type Section, section } from "./section.ts";

/** What became of it, or is becoming of it: each step, what is said meanwhile, and how it ended. */
export function operationSections(
  summary: OperationSummary,
  nowMs: number,
  look: Look,
  output: readonly DetailLine[],
): readonly Section[] {
  if ("broken" in summary)
    return section("JOURNAL", [
      { line: line(sign("failed"), " ", span(summary.broken, "failed")), wraps: true },
    ]);
  const { operation } = summary;
  const { plan, by, startedAt, turnedBack } = operation;
  const standing = standingOf(summary, nowMs);
  const back = plan.steps
    .flatMap(({ undo = [] }) => undo.flatMap(withUndo))
    .filter(({ id }) => operation.steps.has(id));
  const said = new Set(
    [...operation.steps.values()].flatMap((state) => (state.word === "failed" ? state.why.split("\n") : [])),
  );
  const lineOf = (step: Step) => stepLines(step, operation, standing, nowMs, look);
  return [
    ...section(
      "OPERATION",
      [
        {
          line: [
            ...standingSpans(standing, look),
            ...sayElapsed(operation, standing, nowMs),
            ...sayMeaning(standing),
          ],
        },
      ],
      resultLines(operation, standing, said),
    ),
    ...section("STEPS", plan.steps.flatMap(lineOf)),
    ...section(
      "THE WAY BACK",
      turnedBack === undefined || turnedBack.split("\n").every((text) => said.has(text))
        ? []
        : [{ line: line(sign("warning"), " ", span(turnedBack, "warning")), wraps: true }],
      back.flatMap(lineOf),
    ),
    ...section("OUTPUT", output),
    ...section(
      "ABOUT",
      fact("begun", `${toAge(new Date(startedAt), new Date(nowMs))} by ${by.user}@${by.machine}`),
      plan.services.flatMap((id) => fact("service", id, { kind: "service", id })),
      plan.hosts.flatMap((id) => fact("host", id, { kind: "host", id })),
      fact("id", summary.id),
    ),
  ];
}

const meanings: Partial<Record<Standing, string>> = {
  unchanged: "nothing was changed",
  refused: "nothing was changed",
  "walked-back": "all was put back",
  stopped: "on the way, some of it is done",
  "cut-off": "nobody carries it out any more",
  "in-doubt": "somebody has to look",
};

export const healthOf = (standing: Standing): Shown =>
  standing === "running" ? "unasked" : severityOf(standing);

/** `● done`, `→ running`. */
function standingSpans(standing: Standing, look: Look): Line {
  const text = sayStanding(standing);
  if (standing === "running") return line(span(look.signs.right, "accent"), " ", span(text, "accent"));
  return line(sign(healthOf(standing)), " ", span(text, tokenOf(healthOf(standing))));
}

const sayMeaning = (standing: Standing): readonly Span[] => {
  const meaning = meanings[standing];
  return meaning === undefined ? [] : [span(`: ${meaning}`, tokenOf(healthOf(standing)))];
};

const sayElapsed = (operation: Operation, standing: Standing, nowMs: number): readonly Span[] => {
  const tookMs = tookOf(operation, nowMs);
  if (standing === "running") return [span(` for ${toDuration(tookMs)}`, "accent"), ...wishOf(operation)];
  return operation.ended ? [span(` after ${toDuration(tookMs)}`, "muted")] : [];
};

const wishOf = ({ asked }: Operation): readonly Span[] =>
  asked === "stop" ? [span(", stops after this step", "warning")] : [];

/** From its first line to its end, or until now. */
export const tookOf = ({ startedAt, ended }: Operation, nowMs: number): number =>
  Math.max(0, (ended ? Date.parse(ended.at) : nowMs) - Date.parse(startedAt));

/** Why, first; of the rest what a step says already is left out. */
function resultLines(
  { ended }: Operation,
  standing: Standing,
  said: ReadonlySet<string>,
): readonly DetailLine[] {
  const hint = isUnfinished(standing) ? [{ line: line(span("a › Resume goes on with it", "muted")) }] : [];
  if (!ended || ended.outcome === "done") return hint;
  const lines = ended.message.split("\n").filter((text, index) => index === 0 || !said.has(text));
  return [...lines.map((text) => ({ line: line(span(text)), wraps: true as const })), ...hint];
}

function stepLines(
  step: Step,
  { steps }: Operation,
  standing: Standing,
  nowMs: number,
  look: Look,
): readonly DetailLine[] {
  const state = steps.get(step.id);
  const title: DetailLine = {
    line: line(
      ...signOf(state, standing, look),
      ` ${step.title}`,
      span(`  ${hostOf(step) ?? "here"}${sayTime(state, standing, nowMs)}`, "muted"),
    ),
  };
  if (state?.word === "begun" && step.kind !== "wait")
    return [title, { line: line(span(`  ${describeStep(step, "short")}`, "muted")) }];
  if (state?.word !== "failed") return [title];
  const token = state.isWarning ? "warning" : "failed";
  return [
    title,
    ...state.why.split("\n").map((text) => ({ line: [span("  "), span(text, token)], wraps: true as const })),
  ];
}

function signOf(state: StepState | undefined, standing: Standing, look: Look): readonly Span[] {
  switch (state?.word) {
    case undefined:
      return [sign("unasked")];
    case "begun":
      return standing === "running" ? [span(look.signs.right, "accent")] : [sign("unknown")];
    case "done":
      return [sign("ok")];
    case "failed":
      return [sign(state.isWarning ? "warning" : "failed")];
    default:
      return state satisfies never;
  }
}

function sayTime(state: StepState | undefined, standing: Standing, nowMs: number): string {
  if (state?.word === "done" && state.already) return "  it was so already";
  if (state?.begunAt === undefined || (state.word === "begun" && standing !== "running")) return "";
  const endMs = state.word === "begun" ? nowMs : Date.parse(state.at);
  const tookMs = Math.max(0, endMs - Date.parse(state.begunAt));
  return `  ${tookMs < 10_000 ? `${(tookMs / 1000).toFixed(1)} s` : toDuration(tookMs)}`;
}
