import { type ErrorCode, LineCounter, parseDocument } from "yaml";
import type { FieldPath, Issue } from "./issues.ts";
import { type Dialect, type Place, toValues } from "./yaml-values.ts";

const maxSyntaxErrors = 20;

/** Where the parser speaks of itself rather than of the file. */
const ourWords: Readonly<Partial<Record<ErrorCode, string>>> = {
  MULTIPLE_DOCS: "a second document begins here; expected only one",
  NON_STRING_KEY: "a field name must be text",
  RESOURCE_EXHAUSTION: "nested too deep to be read",
};

/** A place in a file, counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The values of a YAML text, what is wrong with the text itself, and where each value stands. */
export interface YamlText {
  readonly value: unknown;
  readonly issues: readonly Issue[];
  /** Of the value or of the name before it; of the nearest thing around it where it is missing. */
  readonly positionOf: (path: FieldPath, what?: "name" | "value") => Position;
  /** A scalar as it was written. */
  readonly sourceOf: (path: FieldPath) => string | undefined;
  /** Paths of what was left out, because it is encrypted. */
  readonly encrypted: readonly FieldPath[];
}

/** YAML 1.2, core schema, nothing of its own. Ansible's dialect adds merge keys, `!unsafe` and `!vault` (left out). */
export function parseYaml(text: string, file: string, dialect: Dialect = "yaml"): YamlText {
  const lineCounter = new LineCounter();
  const toPosition = (offset: number): Position => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const issues: Issue[] = [];
  const report = (offset: number, field: FieldPath, message: string) => {
    issues.push({ file, ...toPosition(offset), field, message });
  };
  const document = parseCarefully(text, lineCounter);
  if (document === undefined) {
    return toEmpty([{ file, line: 1, column: 1, field: [], message: "nested too deep to be read" }]);
  }
  for (const { pos, code, message } of document.errors.slice(0, maxSyntaxErrors)) {
    if (!issues.some((issue) => isSame(toPosition(pos[0]), issue))) {
      report(pos[0], [], ourWords[code] ?? message.replace(/\.?$/, ""));
    }
  }
  if (document.directives?.yaml.explicit === true && document.directives.yaml.version !== "1.2") {
    report(0, [], "only YAML 1.2 is read");
  }
  // What a broken text means is a guess, and complaints about a guess help nobody.
  if (issues.length > 0) return toEmpty(issues);
  const { value, places, encrypted } = toValues(document.contents, dialect, report);

  const placeOf = (path: FieldPath): { place: Place | undefined; complete: boolean } => {
    let place: Place | undefined;
    let current = value;
    for (const step of path) {
      const next: Place | undefined =
        typeof current === "object" && current !== null ? places.get(current)?.get(step) : undefined;
      if (next === undefined) return { place, complete: false };
      place = next;
      current = (current as Record<string | number, unknown>)[step];
    }
    return { place, complete: true };
  };
  return {
    value,
    issues,
    encrypted,
    positionOf: (path, what = "value") => {
      const { place, complete } = placeOf(path);
      const offset = what === "name" || !complete ? (place?.key ?? place?.value) : place?.value;
      return toPosition(offset ?? document.contents?.range[0] ?? 0);
    },
    sourceOf: (path) => {
      const { place, complete } = placeOf(path);
      return complete ? place?.source : undefined;
    },
  };
}

function parseCarefully(text: string, lineCounter: LineCounter) {
  try {
    return parseDocument(text, {
      lineCounter,
      schema: "core",
      version: "1.2",
      merge: false,
      stringKeys: true,
      // Ours is linear; theirs compares each name with all others.
      uniqueKeys: false,
      resolveKnownTags: false,
      prettyErrors: false,
      // "silent" would also hide that there is a second document.
      logLevel: "error",
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function isSame(
  one: Position,
  other: { readonly line?: number | undefined; readonly column?: number | undefined },
): boolean {
  return one.line === other.line && one.column === other.column;
}

function toEmpty(issues: readonly Issue[]): YamlText {
  return {
    value: undefined,
    issues,
    encrypted: [],
    positionOf: () => ({ line: 1, column: 1 }),
    sourceOf: () => undefined,
  };
}
