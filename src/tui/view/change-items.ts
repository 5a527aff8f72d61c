import type { WhyNot } from "../../backends/verbs.ts";
import { isUnfinished, type OperationSummary, standingOf } from "../../journal/standing.ts";
import { findAction } from "../input/actions.ts";
import type { Keymap } from "../input/keymap.ts";
import type { Lab, Ref } from "./lab.ts";
import type { MenuItem, MenuSources } from "./menu-item.ts";
import type { Scene } from "./scene.ts";
import { notYet, type Verb, whyNotYet } from "./verbs.ts";

/** What can be changed of a thing, and why not what cannot. */
export function changeItems(
  selected: Ref | undefined,
  scene: Scene,
  sources: MenuSources,
): readonly MenuItem[] {
  const { verbs, keymap } = sources;
  const possible = selected ? verbs.filter(({ kinds }) => kinds.includes(selected.kind)) : [];
  return [
    ...possible.map((verb) => ({
      title: verb.title,
      hint: verb.action === undefined ? "" : keymap.keysOf(verb.action).join(" "),
      does: { verb, ref: selected as Ref },
      ...reasonOf(whyNotVerb(verb, selected as Ref, scene, sources)),
    })),
    ...notYet(verbs).map((id) => ({
      title: findAction(id)?.title ?? id,
      hint: keymap.keysOf(id).join(" "),
      does: { action: id },
      ...reasonOf(whyNotYet(id, verbs)),
    })),
  ];
}

/** Why that verb cannot be chosen now, and what would change that. */
export function whyNotVerb(
  { verb }: Verb,
  ref: Ref,
  { view }: Scene,
  { changing, keymap }: MenuSources,
): WhyNot | undefined {
  const source = changing();
  if (!source) return { whyNot: "The inventory is still being read." };
  return source.whyNot(verb, ref.id) ?? (view.readOnly ? readOnly(keymap) : undefined);
}

/** Why nothing is changed at all. */
export function readOnly(keymap: Keymap): WhyNot {
  const key = keymap.keysOf("scrap.write")[0];
  return { whyNot: "read-only", hint: `${key ?? "The palette"} allows changes until you leave.` };
}

/** In one line: what, why not, and what would make it possible. */
export const sayWhyNot = (title: string, why: string, hope = ""): string =>
  `${title}: ${why.replace(/\.?$/, ".")} ${hope}`.trim();

const reasonOf = (why: WhyNot | undefined) =>
  why === undefined ? {} : { why: why.whyNot, ...(why.hint === undefined ? {} : { hope: why.hint }) };

/** What can be done with an operation. With one that has ended, nothing. */
export function operationItems(
  summary: OperationSummary,
  { view, now }: Scene,
  { keymap }: MenuSources,
): readonly MenuItem[] {
  const { id } = summary;
  const standing = standingOf(summary, now);
  const shut = reasonOf(view.readOnly ? readOnly(keymap) : undefined);
  if (standing === "running")
    return [
      { title: "Stop after this step", does: { cancel: id, wish: "stop" }, ...shut },
      { title: "Cancel this step, and walk back", does: { cancel: id, wish: "walk-back" }, ...shut },
    ];
  if (!isUnfinished(standing)) return [];
  if ("broken" in summary)
    return [
      { title: "Resume", does: { resume: id }, why: "its journal cannot be read", hope: summary.broken },
    ];
  return [
    { title: "Resume", does: { resume: id }, ...shut },
    ...(standing === "in-doubt" ? doubtItems(summary, shut) : []),
    ...(summary.operation.plan.onFailure === "walk-back" && summary.operation.turnedBack === undefined
      ? [
          {
            title: "Go back instead",
            does: { resume: id, decision: { what: "walk-back" as const } },
            ...shut,
          },
        ]
      : []),
    { title: "Give up its locks", does: { unlock: id }, ...shut },
  ];
}

/** Of a step that was begun, only a person who looked can know whether it happened. */
function doubtItems(summary: OperationSummary, reason: Pick<MenuItem, "why" | "hope">): readonly MenuItem[] {
  if ("broken" in summary) return [];
  const { plan, steps } = summary.operation;
  const step = plan.steps.find(({ id }) => steps.get(id)?.word === "begun");
  if (!step || step.again === "safe") return [];
  return (["was-done", "was-not-done"] as const).map((what) => ({
    title: `Resume: “${step.title}” ${what === "was-done" ? "was done" : "was not done"}`,
    does: { resume: summary.id, decision: { step: step.id, what } },
    ...reason,
  }));
}

/** The operation that is selected, if one is. */
export const operationOf = (ref: Ref | undefined, lab: Lab): OperationSummary | undefined =>
  ref?.kind === "operation" ? lab.operation(ref.id) : undefined;
