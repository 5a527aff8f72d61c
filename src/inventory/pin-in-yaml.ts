import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  Scalar,
} from "yaml";
import { InventoryError } from "../errors.ts";
import type { WrittenValue } from "./pin.ts";

/** The scalar at a path of keys, in all documents of a file. A key with dots in it is found, too. Throws `InventoryError`. */
export function findInYaml(file: string, text: string, path: readonly string[]): WrittenValue {
  const lines = new LineCounter();
  const documents = [parseAllDocuments(text, { lineCounter: lines, keepSourceTokens: true })].flat();
  const field = path.join(".");
  for (const { errors } of documents as readonly Document.Parsed[]) {
    const [error] = errors;
    if (error)
      throw new InventoryError(
        `${file}:${error.linePos?.[0].line ?? 1}: ${error.message.split("\n")[0]?.replace(/:$/, "")}`,
      );
  }
  const found = (documents as readonly Document.Parsed[]).flatMap(({ contents }) =>
    contents ? at(contents, path) : [],
  );
  const lineOf = (node: Node) => lines.linePos(node.range?.[0] ?? 0).line;
  const [node] = found;
  if (!node) throw new InventoryError(`${file} has no ${field}.`);
  if (found.length > 1)
    throw new InventoryError(
      `${file} has ${field} more than once: in lines ${found.map(lineOf).join(", ")}.`,
      {
        hint: "Leave one of them.",
      },
    );
  return toValue(file, field, node, text, lineOf(node));
}

function at(node: Node, path: readonly string[]): readonly Node[] {
  if (path.length === 0) return [node];
  if (isSeq(node)) {
    const item = node.items[Number(path[0])];
    return item ? at(item as Node, path.slice(1)) : [];
  }
  if (!isMap(node)) return [];
  return path.flatMap((_, index) => {
    const key = path.slice(0, index + 1).join(".");
    const pair = node.items.find(
      (each) => isScalar(each.key) && `${each.key.source ?? each.key.value}` === key,
    );
    return pair?.value ? at(pair.value as Node, path.slice(index + 1)) : [];
  });
}

function toValue(file: string, field: string, node: Node, text: string, line: number): WrittenValue {
  const wrong = (why: string, hint?: string) =>
    new InventoryError(`${file}:${line}: ${field}: ${why}`, { hint });
  if (isAlias(node))
    throw wrong(`it is an alias of *${node.source}.`, "Name the place where that is written.");
  if (!isScalar(node) || !node.range) throw wrong("it is no version, but a list or a map.");
  if (node.tag === "!vault") throw wrong("it is encrypted.", "Keep the version beside what is secret.");
  const isQuoted = node.type === Scalar.QUOTE_DOUBLE || node.type === Scalar.QUOTE_SINGLE;
  if (!isQuoted && node.type !== Scalar.PLAIN) throw wrong("it is a block of text.");
  const offset = node.range[0] + (isQuoted ? 1 : 0);
  const value = text.slice(offset, node.range[1] - (isQuoted ? 1 : 0));
  const isAsWritten = isQuoted ? value === node.value : value === (node.source ?? "");
  if (!isAsWritten || value.includes("\n")) throw wrong("it is written with escapes, or over several lines.");
  return { value, offset, line, isBare: !isQuoted };
}
