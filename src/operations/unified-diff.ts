/** Lines of context around a change. */
const around = 3;
/** Beyond this nobody reads it, and it takes long to find. */
const mostLines = 2_000;

interface Line {
  readonly sign: " " | "-" | "+";
  readonly text: string;
}

/** The hunks of a unified diff between two texts, without a header. Empty where they are the same. */
export function unifiedDiff(before: string, after: string): readonly string[] {
  const old = toLines(before);
  const now = toLines(after);
  if (old.length > mostLines || now.length > mostLines)
    return before === after ? [] : [`@@ ${old.length} lines become ${now.length}: too many to show @@`];
  const lines = compare(old, now);
  const kept = lines.map((_, index) =>
    lines.slice(Math.max(0, index - around), index + around + 1).some(({ sign }) => sign !== " "),
  );
  let oldLine = 1;
  let newLine = 1;
  return lines.flatMap(({ sign, text }, index) => {
    const header = kept[index] && !kept[index - 1] ? [toHeader(lines, kept, index, oldLine, newLine)] : [];
    if (sign !== "+") oldLine += 1;
    if (sign !== "-") newLine += 1;
    return kept[index] ? [...header, `${sign}${text}`] : [];
  });
}

const toLines = (text: string): readonly string[] => (text === "" ? [] : text.replace(/\n$/, "").split("\n"));

/** `@@ -1,3 +1,4 @@`, as diff(1) counts. */
function toHeader(
  lines: readonly Line[],
  kept: readonly boolean[],
  from: number,
  oldLine: number,
  newLine: number,
): string {
  const end = kept.indexOf(false, from);
  const hunk = lines.slice(from, end === -1 ? undefined : end);
  const count = (other: Line["sign"]) => hunk.filter(({ sign }) => sign !== other).length;
  const range = (line: number, length: number) =>
    length === 1 ? `${line}` : `${length === 0 ? line - 1 : line},${length}`;
  return `@@ -${range(oldLine, count("+"))} +${range(newLine, count("-"))} @@`;
}

/** The longest common subsequence, read from its table of lengths. */
function compare(old: readonly string[], now: readonly string[]): readonly Line[] {
  const width = now.length + 1;
  const lengths = new Uint16Array((old.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = now.length - 1; j >= 0; j -= 1)
      lengths[i * width + j] =
        old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      lines.push({ sign: " ", text: old[i] ?? "" });
      i += 1;
      j += 1;
    } else if (i < old.length && (j === now.length || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ sign: "-", text: old[i] ?? "" });
      i += 1;
    } else {
      lines.push({ sign: "+", text: now[j] ?? "" });
      j += 1;
    }
  }
  return lines;
}
