import { InventoryError } from "../errors.ts";

/** Where a field is: `["hosts", "nas", "port"]`. */
export type FieldPath = readonly (string | number)[];

/** Something that is wrong in one file. Lines and columns count from 1. */
export interface Issue {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly field: FieldPath;
  /** What is expected, and what was found. */
  readonly message: string;
}

const maxShown = 200;

/** All that is wrong, in the order of the file, one line each. */
export function toInventoryError(issues: readonly Issue[], hint?: string): InventoryError {
  const files = [...new Set(issues.map(({ file }) => file))];
  const lines = [...issues]
    .sort((a, b) => files.indexOf(a.file) - files.indexOf(b.file) || inOrder(a, b))
    .map(toLine);
  const told = [...new Set(lines)];
  const more = told.length - maxShown;
  const rest = more > 0 ? [`… and ${more} more`] : [];
  return new InventoryError([...told.slice(0, maxShown), ...rest].join("\n"), { hint });
}

function inOrder(a: Issue, b: Issue): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

function toLine({ file, line, column, field, message }: Issue): string {
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  return [toPrintable(place), ...(field.length === 0 ? [] : [toFieldName(field)]), message].join(": ");
}

/** `services.mail.health[0].tcp`. */
export function toFieldName(path: FieldPath): string {
  return path.reduce<string>((name, step) => {
    if (typeof step === "number") return `${name}[${step}]`;
    const word = /^[\p{L}\p{N}_-]+$/u.test(step) ? step : toPrintable(JSON.stringify(step.slice(0, 60)));
    return name === "" ? word : `${name}.${word}`;
  }, "");
}

/** What stands in the file, said so that it fits a line and cannot drive a terminal. */
export function describeFound(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "fields";
  if (typeof value === "number") return `the number ${value}`;
  if (typeof value !== "string") return String(value);
  return toPrintable(JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value));
}

/** The same with every control, format and unassigned character written as its code. */
export function toPrintable(text: string): string {
  return text.replace(
    /[\p{C}\u2028\u2029]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}
