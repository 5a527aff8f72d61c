import type { Style } from "./style.ts";

/** A title, and a text beside it or lines below it. Without either it is left out. */
export type Section = readonly [title: string, content: string | readonly string[] | undefined];

/** As `kubectl describe` has it: short ones aligned, lists indented. */
export function drawSections(sections: readonly Section[], style: Style): string {
  const filled = sections.filter(([, content]) => content !== undefined && content.length > 0);
  const beside = filled.filter(([, content]) => typeof content === "string");
  const width = Math.max(0, ...beside.map(([title]) => title.length)) + 1;
  return filled
    .map(([title, content = ""]) =>
      typeof content === "string"
        ? `${style.strong(`${title}:`.padEnd(width))}  ${content}`
        : [style.strong(`${title}:`), ...content.map((line) => `  ${line}`)].join("\n"),
    )
    .join("\n");
}
