import type { Question } from "../../src/command/command.ts";

/**
 * What an answer consists of, without what it says: keys and types of JSON, titles of fields, columns of a line. Two
 * answers of one tool about different things have parts in common.
 */
export function shapeOf(question: Question, stdout: string): ReadonlySet<string> {
  if ("files" in question) return new Set(shapeOfFiles(question.files, stdout));
  if ("programs" in question)
    return new Set(
      stdout
        .split("\n")
        .filter(Boolean)
        .map((line) => (line.startsWith("+") ? "+program path" : "path")),
    );
  const whole = parse(stdout);
  if (whole !== undefined) return new Set(shapeOfJson(whole, ""));
  return new Set(
    stdout
      .split("\n")
      .filter((line) => line.trim() !== "")
      .flatMap((line) => {
        const each = line.startsWith("{") ? parse(line) : undefined;
        return each === undefined ? [shapeOfLine(line)] : shapeOfJson(each, "");
      }),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `.pools.*.vdevs.*.state string`: things that go by their own names are called `*`. */
function shapeOfJson(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => shapeOfJson(each, `${path}[]`));
  if (value === null || typeof value !== "object")
    return [`${path} ${value === null ? "null" : typeof value}`];
  return Object.entries(value).flatMap(([key, inner]) => {
    const isItsName = inner !== null && typeof inner === "object" && "name" in inner && inner.name === key;
    // A tree is as deep as it is.
    const next = `${path}.${isItsName ? "*" : key}`.replace(".children[].children", ".children");
    return shapeOfJson(inner, next);
  });
}

/** Which part it is, whatever stands in it: a key of JSON without its type. */
export const nameOf = (part: string): string => (part.startsWith(".") ? (part.split(" ")[0] ?? "") : part);

/** Paths by the pattern that asked for them. */
function shapeOfFiles(patterns: readonly string[], stdout: string): string[] {
  let at = "";
  return stdout.split("\n").flatMap((line) => {
    if (line.startsWith("=")) {
      const path = line.slice(1);
      const pattern =
        patterns.find((pattern) =>
          new RegExp(`^${pattern.split("*").map(quoteForPattern).join("[^/]*")}$`).test(path),
        ) ?? path;
      at = pattern.replace(/\d+/g, "0");
      return [at];
    }
    return line.startsWith(":") ? [`${at} ${shapeOfLine(line.slice(1))}`] : [];
  });
}

const quoteForPattern = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");

/** A title where it has one, else the kinds of its words; many of a kind in a row are one. */
function shapeOfLine(line: string): string {
  const title = /^\s*[A-Za-z][\w.() ]*?(?::(?=\s|$)|=)/.exec(line)?.[0];
  if (title !== undefined && !line.startsWith("\t")) return title.trim().replace(/\s+/g, " ");
  const indent = /^\s*/.exec(line)?.[0] ?? "";
  const kinds = line
    .trim()
    .split(/[ \t]+/)
    .map(kindOf);
  return indent + kinds.filter((kind, index) => kind !== kinds[index - 1]).join(" ");
}

function kindOf(word: string): string {
  if (/^[\d.:-]+,?$/.test(word)) return "number";
  if (/^\d[\d.]*(B|[KMGT]|%)(\/s)?,?$/.test(word)) return "size";
  if (word.startsWith("/")) return "path";
  if (/^[0-9a-f-]{16,}$/.test(word)) return "id";
  return "word";
}
