import { type Problem, sayProblem } from "../../model/hosts.ts";
import type { Known } from "../../model/resources.ts";
import type { KnownService } from "../../model/services.ts";
import { type Line, line, sign, span, tokenOf } from "../line.ts";
import { nameOf, sayReason, stateCell } from "../screens/cells.ts";
import { wrap } from "../text/wrap.ts";
import type { Ref } from "../view/lab.ts";

/** A part of a thing's page. */
export interface Section {
  readonly title: string;
  readonly lines: readonly DetailLine[];
}

export interface DetailLine {
  readonly line: Line;
  /** What enter opens; lines without one are passed over by the cursor. */
  readonly ref?: Ref;
  /** Its last words go on in the next line where they are too long: they must be read to the end. */
  readonly wraps?: true;
}

const labelWidth = 14;

/** `load          0.4 0.3 0.2`; nothing when there is nothing to say. */
export function fact(label: string, value: string | Line | undefined, ref?: Ref): readonly DetailLine[] {
  if (value === undefined || value.length === 0) return [];
  const words: Line = typeof value === "string" ? [{ text: value }] : value;
  return [{ line: [span(label.padEnd(labelWidth), "muted"), ...words], ...(ref ? { ref } : {}) }];
}

export const section = (title: string, ...lines: readonly (readonly DetailLine[])[]): readonly Section[] => {
  const all = lines.flat();
  return all.length === 0 ? [] : [{ title, lines: all }];
};

/** What is not well, each with its sign. */
export const problemLines = (
  findings: readonly { readonly severity: "warning" | "failed" | "unknown"; readonly message: string }[],
): readonly DetailLine[] =>
  findings.map(({ severity, message }) => ({
    line: line(sign(severity), " ", span(message, tokenOf(severity))),
    wraps: true,
  }));

/** All that is wrong on a host, each with the name of its thing. */
export const hostProblemLines = (problems: readonly Problem[]): readonly DetailLine[] =>
  problemLines(problems.map((problem) => ({ ...problem, message: sayProblem(problem) })));

export const resourceLine = (resource: Known): DetailLine => ({
  line: [
    ...stateCell(resource.health, ""),
    { text: `${resource.kind.padEnd(11)} ` },
    { text: nameOf(resource) },
    ...(resource.reason ? [span(`  ${sayReason(resource)}`, tokenOf(resource.health))] : []),
  ],
  ref: { kind: resource.kind, id: resource.id },
});

export const serviceLine = ({ service, health, reason, runsOn }: KnownService): DetailLine => ({
  line: [
    ...stateCell(health, ""),
    { text: "service     " },
    { text: service.name },
    span(
      `  ${reason ?? `on ${runsOn.join(", ") || "no host"}`}`,
      health === "ok" ? "muted" : tokenOf(health),
    ),
  ],
  ref: { kind: "service", id: service.name },
});

export const unique = <Item extends { readonly id: string }>(items: readonly Item[]): readonly Item[] => [
  ...new Map(items.map((item) => [item.id, item])).values(),
];

/** In so many lines as that takes. */
export function wrapped({ line: words, wraps, ...rest }: DetailLine, width: number): readonly DetailLine[] {
  const last = words.at(-1);
  if (!wraps || last === undefined || "sign" in last) return [{ line: words, ...rest }];
  const before = words.slice(0, -1);
  const indent = before.reduce((sum, part) => sum + ("text" in part ? part.text.length : 1), 0);
  return wrap(last.text, Math.max(10, width - indent)).map((text, index) => ({
    line: [...(index === 0 ? before : [span(" ".repeat(indent))]), span(text, last.token)],
    ...(index === 0 ? rest : {}),
  }));
}
