/**
 * Leaves out of what goes to a terminal the styles that end before anything was written in them: Ink repeats all that
 * were ever begun in a line when it writes only the rest of it. What was begun is remembered from one text to the next.
 */
export function createStyleSaver(): (text: string) => string {
  let now: Styles | undefined = new Map();
  return (text) =>
    text.replaceAll(runs, (run) => {
      const before = now;
      now = run.endsWith(reset) ? new Map() : before && taken(before, run);
      // What is not understood goes out as it is, and all after it: who knows what was begun.
      return before && now && !run.includes(reset) ? between(before, now) : run;
    });
}

const reset = "\x1b[0m";
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for.
const runs = /(?:\x1b\[[\d;]*m)+/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for.
const one = /\x1b\[([\d;]*)m/g;

/** By the code that ends them: what was begun, in order. */
type Styles = ReadonlyMap<number, readonly string[]>;

const endOf = (code: number): number | undefined => {
  if (code === 1 || code === 2) return 22;
  if (code === 3 || code === 4 || code === 7 || code === 9) return code + 20;
  if ((code >= 30 && code <= 38) || (code >= 90 && code <= 97)) return 39;
  return (code >= 40 && code <= 48) || (code >= 100 && code <= 107) ? 49 : undefined;
};

const ends: readonly number[] = [22, 23, 24, 27, 29, 39, 49];

/** What is begun after these; undefined when one of them is not understood. */
function taken(before: Styles, run: string): Styles | undefined {
  const after = new Map(before);
  for (const [, codes = ""] of run.matchAll(one)) {
    const first = Number(codes.split(";", 1)[0]);
    const end = endOf(first);
    if (ends.includes(first) && codes === `${first}`) after.delete(first);
    else if (end === undefined || (codes.includes(";") && first !== 38 && first !== 48)) return undefined;
    // Bold and dim go together; of colours the last one counts.
    else after.set(end, end === 22 ? [...new Set([...(after.get(end) ?? []), codes])] : [codes]);
  }
  return after;
}

/** The fewest words that lead from one to the other. */
function between(before: Styles, after: Styles): string {
  return ends
    .map((end) => {
      const [had, has] = [before.get(end) ?? [], after.get(end) ?? []];
      const isKept = had.every((codes) => has.includes(codes));
      const begins = has.filter((codes) => !isKept || !had.includes(codes));
      const isOverwritten = (end === 39 || end === 49) && has.length > 0;
      return [...(isKept || isOverwritten ? [] : [`${end}`]), ...begins]
        .map((codes) => `\x1b[${codes}m`)
        .join("");
    })
    .join("");
}
