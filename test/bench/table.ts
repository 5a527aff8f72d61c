import type { Measurement, Outcome, Unmeasured } from "./bench.ts";

export const isMeasured = (line: Measurement | Unmeasured): line is Measurement => "isMet" in line;

/** What a bench measured, then its notes. */
export function formatOutcome({ lines, notes }: Outcome): string {
  return [...lines.map(formatLine), ...notes.map((note) => `   ${note}`)].join("\n");
}

function formatLine(line: Measurement | Unmeasured): string {
  if (!isMeasured(line)) return `   ${line.what}: not measured: ${line.why}`;
  const sides = line.theirs === "" ? "" : ` ${line.ours} against ${line.theirs}:`;
  return `   ${line.what}:${sides} ${line.figure}, wanted ${line.target}: ${verdict(line)}`;
}

/** All lines of all benches, in columns. */
export function formatTable(lines: readonly (Measurement | Unmeasured)[]): string {
  const rows = [
    ["what", "ours", "theirs", "figure", "target", ""],
    ...lines.map((line) =>
      isMeasured(line)
        ? [line.what, line.ours, line.theirs, line.figure, line.target, verdict(line)]
        : [line.what, "", "", "", "", `not measured: ${line.why}`],
    ),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const format = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join("  ")
      .trimEnd();
  return rows.map(format).join("\n");
}

const verdict = ({ isMet }: Measurement) => (isMet ? "met" : "NOT MET");
