import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type ParsedNode } from "yaml";
import type { FieldPath } from "./issues.ts";

/** Where a value stands, as offsets into the text. */
export interface Place {
  readonly key?: number;
  readonly value: number;
  /** A scalar as it was written: `3.10` is not 3.1. */
  readonly source?: string;
}

/** The plain values of a document, with the place of each. */
export interface Values {
  readonly value: unknown;
  /** Of each object and list that was made: key or index → place. */
  readonly places: WeakMap<object, Map<string | number, Place>>;
  /** Paths of what was left out, because it is encrypted. */
  readonly encrypted: readonly FieldPath[];
}

export type Dialect = "yaml" | "ansible";

type Report = (offset: number, path: FieldPath, message: string) => void;

const maxDepth = 50;
const maxValuesByAlias = 10_000;
const forbiddenKeys = new Set(["__proto__", "constructor", "prototype"]);
const left = Symbol("left out");

/** Own conversion, because it must refuse what a file may not do to us, and remember where each value stood. */
export function toValues(root: ParsedNode | null, dialect: Dialect, report: Report): Values {
  const places: Values["places"] = new WeakMap();
  const encrypted: FieldPath[] = [];
  const anchors = new Map<string, Node>();
  const open = new Set<Node>();
  let byAlias = 0;
  let insideAlias = 0;

  const convert = (node: unknown, path: FieldPath): unknown => {
    if (path.length > maxDepth) return refuse(node, path, `more than ${maxDepth} levels deep`);
    if (insideAlias > 0 && ++byAlias > maxValuesByAlias) {
      if (byAlias === maxValuesByAlias + 1) report(offsetOf(node), path, "aliases (*) repeat too much");
      return null;
    }
    if (isAlias(node)) return followAlias(node.source, node, path);
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return null;
    if (node.anchor !== undefined && insideAlias === 0) anchors.set(node.anchor, node);
    const tag = node.tag ?? "";
    if (dialect === "ansible" && tag === "!vault") {
      encrypted.push(path);
      return left;
    }
    if (tag !== "" && !/^tag:yaml\.org,2002:(str|int|float|bool|null|map|seq)$/.test(tag)) {
      if (dialect !== "ansible" || tag !== "!unsafe") return refuse(node, path, `unknown tag ${tag}`);
    }
    if (isScalar(node)) return node.value;
    open.add(node);
    const value = isMap(node) ? toObject(node.items, path) : toList(node.items, path);
    open.delete(node);
    return value;
  };

  const followAlias = (anchor: string, node: Node, path: FieldPath): unknown => {
    const target = anchors.get(anchor);
    if (target === undefined) return refuse(node, path, `no anchor &${anchor} before this alias`);
    if (open.has(target)) return refuse(node, path, `the alias *${anchor} contains itself`);
    insideAlias++;
    const value = convert(target, path);
    insideAlias--;
    return value;
  };

  const toList = (items: readonly unknown[], path: FieldPath): unknown[] => {
    const values: unknown[] = [];
    const at = new Map<string | number, Place>();
    places.set(values, at);
    for (const item of items) {
      const value = convert(item, [...path, values.length]);
      if (value === left) continue;
      at.set(values.length, toPlace(item));
      values.push(value);
    }
    return values;
  };

  const toObject = (items: readonly Pair<unknown, unknown>[], path: FieldPath): Record<string, unknown> => {
    const values: Record<string, unknown> = {};
    const at = new Map<string | number, Place>();
    places.set(values, at);
    const merged: unknown[] = [];
    for (const { key: keyNode, value: valueNode } of items) {
      const key = isScalar(keyNode) && typeof keyNode.value === "string" ? keyNode.value : undefined;
      if (key === undefined) refuse(keyNode, path, "a field name must be text");
      else if (forbiddenKeys.has(key)) refuse(keyNode, [...path, key], "this name is not allowed");
      else if (at.has(key)) refuse(keyNode, [...path, key], "is there twice");
      else if (key === "<<" && dialect === "ansible") merged.push(convert(valueNode, path));
      else if (key === "<<") refuse(keyNode, [...path, key], "merge keys are not part of YAML 1.2");
      else {
        const value = convert(valueNode, [...path, key]);
        if (value === left) continue;
        const keyAt = offsetOf(keyNode);
        at.set(key, { key: keyAt, ...toPlace(valueNode, keyAt) });
        values[key] = value;
      }
    }
    for (const source of merged.flat()) mergeInto(values, at, source);
    return values;
  };

  const mergeInto = (values: Record<string, unknown>, at: Map<string | number, Place>, source: unknown) => {
    if (typeof source !== "object" || source === null) return;
    for (const [key, value] of Object.entries(source)) {
      if (at.has(key)) continue;
      values[key] = value;
      const place = places.get(source)?.get(key);
      if (place !== undefined) at.set(key, place);
    }
  };

  const refuse = (node: unknown, path: FieldPath, message: string): null => {
    report(offsetOf(node), path, message);
    return null;
  };

  const value = root === null ? null : convert(root, []);
  return { value: value === left ? null : value, places, encrypted };
}

function toPlace(node: unknown, fallback = 0): Place {
  const value = offsetOf(node, fallback);
  return isScalar(node) && node.source !== undefined ? { value, source: node.source } : { value };
}

function offsetOf(node: unknown, fallback = 0): number {
  const hasRange = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node);
  return (hasRange ? node.range?.[0] : undefined) ?? fallback;
}
