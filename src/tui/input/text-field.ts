import type { Input } from "../terminal/key-parser.ts";
import { clean } from "../text/clean.ts";
import { isTyped } from "./key-names.ts";

/** One line that is being typed. The cursor counts UTF-16 units and always stands between two characters. */
export interface TextField {
  readonly text: string;
  readonly cursor: number;
}

export const emptyField: TextField = { text: "", cursor: 0 };

const longest = 2000;

/** The field after that input; undefined when it is none for a text field. */
export function edit(field: TextField, input: Input): TextField | undefined {
  if (input.type === "paste") return insert(field, toOneLine(input.text));
  if (input.type !== "key") return undefined;
  const { key } = input;
  if (isTyped(key)) return insert(field, key === "space" ? " " : key);
  return edits[key]?.(field);
}

const edits: Readonly<Record<string, (field: TextField) => TextField>> = {
  left: ({ text, cursor }) => ({ text, cursor: before(text, cursor) }),
  right: ({ text, cursor }) => ({ text, cursor: after(text, cursor) }),
  home: ({ text }) => ({ text, cursor: 0 }),
  end: ({ text }) => ({ text, cursor: text.length }),
  "ctrl+e": ({ text }) => ({ text, cursor: text.length }),
  "alt+b": ({ text, cursor }) => ({ text, cursor: wordBefore(text, cursor) }),
  "ctrl+left": ({ text, cursor }) => ({ text, cursor: wordBefore(text, cursor) }),
  "alt+f": ({ text, cursor }) => ({ text, cursor: wordAfter(text, cursor) }),
  "ctrl+right": ({ text, cursor }) => ({ text, cursor: wordAfter(text, cursor) }),
  backspace: ({ text, cursor }) => cut(text, before(text, cursor), cursor),
  delete: ({ text, cursor }) => cut(text, cursor, after(text, cursor)),
  "ctrl+w": ({ text, cursor }) => cut(text, wordBefore(text, cursor), cursor),
  "alt+backspace": ({ text, cursor }) => cut(text, wordBefore(text, cursor), cursor),
  "ctrl+u": ({ text, cursor }) => cut(text, 0, cursor),
};

function insert({ text, cursor }: TextField, piece: string): TextField {
  const fitting = text.length + piece.length > longest ? "" : piece;
  return { text: text.slice(0, cursor) + fitting + text.slice(cursor), cursor: cursor + fitting.length };
}

const cut = (text: string, from: number, to: number): TextField => ({
  text: text.slice(0, from) + text.slice(to),
  cursor: from,
});

/** Line breaks become blanks, and nothing that could act on a terminal stays. */
const toOneLine = (text: string) => clean(text).trim().replaceAll(/\s+/g, " ").slice(0, longest);

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

const after = (text: string, cursor: number) =>
  cursor + (segmenter.segment(text.slice(cursor)).containing(0)?.segment.length ?? 0);

function before(text: string, cursor: number): number {
  return cursor === 0 ? 0 : (segmenter.segment(text.slice(0, cursor)).containing(cursor - 1)?.index ?? 0);
}

const wordBefore = (text: string, cursor: number) =>
  /(?:[\p{L}\p{N}\p{M}]*[^\p{L}\p{N}]*)$/u.exec(text.slice(0, cursor))?.index ?? 0;

const wordAfter = (text: string, cursor: number) =>
  cursor + (/^[^\p{L}\p{N}]*[\p{L}\p{N}\p{M}]*/u.exec(text.slice(cursor))?.[0].length ?? 0);
