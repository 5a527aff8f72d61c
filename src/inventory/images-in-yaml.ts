import { isMap, isScalar, isSeq, type Node, parseAllDocuments } from "yaml";

export interface WrittenImage {
  /** Dotted, as `findPin` takes it: `services.web.image`. */
  readonly path: string;
  readonly image: string;
}

/** Every `image:` of a compose file or a manifest, in its order. What is no YAML has none. */
export function imagesIn(text: string): readonly WrittenImage[] {
  const found: WrittenImage[] = [];
  const walk = (node: Node | null, path: readonly string[]): void => {
    if (path.length > 20) return;
    if (isSeq(node))
      for (const [index, item] of node.items.entries()) walk(item as Node, [...path, `${index}`]);
    if (!isMap(node)) return;
    for (const { key, value } of node.items) {
      if (!isScalar(key)) continue;
      const name = `${key.value}`;
      if (name === "image" && isScalar(value) && typeof value.value === "string")
        found.push({ path: [...path, name].join("."), image: value.value });
      else walk(value as Node | null, [...path, name]);
    }
  };
  for (const { contents } of [parseAllDocuments(text)].flat()) walk(contents as Node | null, []);
  return found;
}
