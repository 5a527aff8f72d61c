import { InventoryError } from "../errors.ts";
import type { WrittenValue } from "./pin.ts";

interface Line {
  readonly text: string;
  /** From 1. */
  readonly number: number;
  readonly offset: number;
}

function toLines(text: string): readonly Line[] {
  let offset = 0;
  return text.split("\n").map((line, index) => {
    const at = offset;
    offset += line.length + 1;
    return { text: line, number: index + 1, offset: at };
  });
}

/** The value of one `KEY=value` line, as in `.env`: quoted or not, exported or not, with a comment behind it. */
export function findInLines(file: string, text: string, key: string): WrittenValue {
  const found = toLines(text).flatMap((line) => {
    const [, before = "", name, rest = ""] = assignment.exec(line.text) ?? [];
    return name === key ? [toValue(file, key, line, before.length, rest)] : [];
  });
  return theOnly(file, key, found);
}

const assignment = /^([\uFEFF\s]*(?:export\s+)?([\w.-]+)\s*=\s*)([^\n]*)$/;

/** The value of a key in the first section of a quadlet, `[Container]` and the like, not in `[Unit]` or `[Service]`. */
export function findInUnit(file: string, text: string, key: string): WrittenValue {
  let section = "";
  const found = toLines(text).flatMap((line) => {
    section = /^\s*\[(.*)\]\s*$/.exec(line.text)?.[1] ?? section;
    const [, before = "", name, rest = ""] = assignment.exec(line.text) ?? [];
    const isOurs = name === key && !["Unit", "Service", "Install"].includes(section);
    return isOurs ? [toValue(file, key, line, before.length, rest, "unit")] : [];
  });
  const value = theOnly(file, key, found);
  if (/\.(image|build)$/.test(value.value))
    throw new InventoryError(`${file}:${value.line}: ${key}: ${value.value} is another quadlet.`, {
      hint: `Name it: version: { in: …/${value.value}#Image }`,
    });
  return value;
}

/** In a unit `#` begins no comment behind a value. */
function toValue(
  file: string,
  key: string,
  { number, offset }: Line,
  at: number,
  rest: string,
  kind: "line" | "unit" = "line",
): WrittenValue {
  const quoted = kind === "unit" ? null : /^(["'])(.*?)\1\s*(?:#.*)?$/.exec(rest);
  const value = quoted?.[2] ?? (kind === "unit" ? rest.trimEnd() : (/^\S*/.exec(rest)?.[0] ?? ""));
  const behind = quoted ? "" : rest.slice(value.length).trim();
  if (rest.endsWith("\\") || /["'\\\s]/.test(value) || (behind !== "" && !behind.startsWith("#")))
    throw new InventoryError(`${file}:${number}: ${key}: more than a version stands there.`);
  return { value, line: number, offset: offset + at + (quoted ? 1 : 0), isBare: false };
}

function theOnly(file: string, key: string, found: readonly WrittenValue[]): WrittenValue {
  const [first, second] = found;
  if (!first) throw new InventoryError(`${file} has no ${key}.`);
  if (second)
    throw new InventoryError(
      `${file} has ${key} more than once: in lines ${found.map(({ line }) => line).join(", ")}.`,
      {
        hint: "Leave one of them.",
      },
    );
  return first;
}
