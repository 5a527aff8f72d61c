import type { FileEntry } from "./answers/tool.ts";

/** The files of a simulated host, as far as anybody asks. */
export interface FileTree {
  readonly isThere: (path: string) => boolean;
  /** Undefined where there is no such file, or where it is a directory. */
  readonly read: (path: string) => string | undefined;
  /** The paths that a pattern stands for, as a shell sorts them; itself where there is none. */
  readonly expand: (pattern: string) => readonly string[];
}

export function createFileTree(entries: Iterable<FileEntry>): FileTree {
  const files = new Map(entries);
  const paths = [...files.keys()];
  return {
    isThere: (path) => files.has(path) || paths.some((each) => each.startsWith(`${path}/`)),
    read: (path) => files.get(path)?.(),
    expand: (pattern) => {
      const depth = pattern.split("/").length;
      const expression = new RegExp(`^${pattern.split("*").map(quoteForPattern).join("[^/]*")}$`);
      const found = new Set<string>();
      const start = pattern.slice(0, pattern.indexOf("*"));
      for (const path of paths) {
        if (!path.startsWith(start)) continue;
        const here = path.split("/").slice(0, depth).join("/");
        if (expression.test(here)) found.add(here);
      }
      return found.size === 0 ? [pattern] : [...found].sort();
    },
  };
}

const quoteForPattern = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
