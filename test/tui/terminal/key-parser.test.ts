import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createKeyParser, type Input } from "../../../src/tui/terminal/key-parser.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Feeds the parts, a number being a wait in milliseconds, and waits until nothing is open any more. */
function read(...parts: readonly (string | Buffer | number)[]): readonly Input[] {
  const inputs: Input[] = [];
  const parser = createKeyParser((input) => inputs.push(input));
  for (const part of parts) {
    if (typeof part === "number") vi.advanceTimersByTime(part);
    else parser.feed(part);
  }
  vi.advanceTimersByTime(10_000);
  return inputs;
}

const keys = (...parts: readonly (string | Buffer | number)[]) =>
  read(...parts).map((input) => (input.type === "key" ? input.key : input));

test.each([
  ["jjjj", ["j", "j", "j", "j"]],
  [":pods\r", [":", "p", "o", "d", "s", "enter"]],
  ["é👨‍👩‍👧e\u0301/", ["é", "👨‍👩‍👧", "e\u0301", "/"]],
  [
    " \t\x7f\b\x03\x1a\0\n",
    ["space", "tab", "backspace", "backspace", "ctrl+c", "ctrl+z", "ctrl+space", "enter"],
  ],
  ["\x1b[A\x1b[B\x1b[C\x1b[D\x1b[H\x1b[F", ["up", "down", "right", "left", "home", "end"]],
  ["\x1bOA\x1bOB\x1bOC\x1bOD\x1bOH\x1bOF", ["up", "down", "right", "left", "home", "end"]],
  ["\x1b[1~\x1b[2~\x1b[3~\x1b[4~\x1b[5~\x1b[6~", ["home", "insert", "delete", "end", "pageup", "pagedown"]],
  ["\x1bOP\x1b[11~\x1b[[A\x1b[15~\x1b[24~", ["f1", "f1", "f1", "f5", "f12"]],
  [
    "\x1b[Z\x1b[1;2A\x1b[1;5D\x1b[5;3~\x1b[1;8C",
    ["shift+tab", "shift+up", "ctrl+left", "alt+pageup", "ctrl+alt+shift+right"],
  ],
  [
    "\x1bx\x1bX\x1bé\x1b\r\x1b\x7f\x1b\x01",
    ["alt+x", "alt+X", "alt+é", "alt+enter", "alt+backspace", "ctrl+alt+a"],
  ],
  ["\x1b\x1b[A\x1b", ["esc", "up", "esc"]],
  [
    "\x1b[106u\x1b[106;2u\x1b[99;5u\x1b[27u\x1b[13;2u\x1b[97:65;2u",
    ["j", "J", "ctrl+c", "esc", "shift+enter", "A"],
  ],
  ["\x1b[27;5;105~\x1b[27;2;13~", ["ctrl+i", "shift+enter"]],
  ["\x1b[106;1:1u\x1b[106;1:3u\x1b[1;1:3A", ["j"]],
  ["\x1bOM\x1bOp\x1bOk", ["enter", "0", "+"]],
])("%j", (text, expected) => {
  expect(keys(text)).toEqual(expected);
  // Whatever way the line tears it. What is two keys together and one key apart is told by its time only.
  if (text.includes("\x1b\x1b") || text.includes("👩")) return;
  expect(keys(...Array.from(Buffer.from(text), (byte) => Buffer.from([byte])))).toEqual(expected);
});

test("a lone ESC is the key after 50 ms, and not before", () => {
  const seen: Input[] = [];
  const parser = createKeyParser((input) => seen.push(input));
  parser.feed("\x1b");
  vi.advanceTimersByTime(49);
  expect(seen).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(seen).toEqual([{ type: "key", key: "esc" }]);
});

test.each([
  [["\x1b[", 300, "A"], ["up"]],
  [["\x1b[1;", 300, "5", 300, "C"], ["ctrl+right"]],
  [
    ["\x1bO", 300, "P", "j"],
    ["f1", "j"],
  ],
  [
    ["\x1b", 300, "[A"],
    ["esc", "up"],
  ],
  [
    ["\x1b[", 600, "A"],
    ["alt+[", "A"],
  ],
  [["\x1b[1;5", 600, "j"], ["j"]],
  [["\x1bO", 600], ["alt+O"]],
])("torn: %j", (parts, expected) => {
  expect(keys(...parts)).toEqual(expected);
});

test("characters torn between their bytes are whole", () => {
  const bytes = Buffer.from("é漢👍");
  expect(keys(...[...bytes].map((byte) => Buffer.from([byte])))).toEqual(["é", "漢", "👍"]);
});

test("what is pasted is text, never keys", () => {
  expect(read("a\x1b[200~rm -rf\r\n\x03\x1b[A:q\r\x1b[201~b")).toEqual([
    { type: "key", key: "a" },
    { type: "paste", text: "rm -rf\n\x03\x1b[A:q\n" },
    { type: "key", key: "b" },
  ]);
  expect(read("\x1b[201~")).toEqual([]);
});

test("a paste torn anywhere is one paste", () => {
  const text = "\x1b[200~one\x1b[20\rtwo\x1b[201~";
  for (let at = 2; at < text.length; at++)
    expect(read(text.slice(0, at), 300, text.slice(at))).toEqual([
      { type: "paste", text: "one\x1b[20\ntwo" },
    ]);
  expect(read(text.slice(0, 1), 300, text.slice(1))).toEqual([
    { type: "key", key: "esc" },
    { type: "paste", text: "one\x1b[20\ntwo" },
  ]);
});

test("a very long paste is cut, and what follows is typed again", () => {
  const parts = Array.from({ length: 100 }, () => "x".repeat(65_536));
  const [paste, key, ...more] = read("\x1b[200~", ...parts, "\x1b[201~", "j");
  expect(paste).toMatchObject({ type: "paste" });
  expect(paste?.type === "paste" && paste.text.length).toBe(1_000_000);
  expect(key).toEqual({ type: "key", key: "j" });
  expect(more).toEqual([]);
});

test("a paste that never ends gives the keyboard back after a silence", () => {
  expect(read("\x1b[200~abc", 3001, "j")).toEqual([
    { type: "paste", text: "abc" },
    { type: "key", key: "j" },
  ]);
});

test.each([
  "\x1b[?62;1;4c",
  "\x1b[>41;366;0c",
  "\x1b[0n",
  "\x1b[24;80R",
  "\x1b]10;rgb:ffff/ffff/ffff\x1b\\",
  "\x1b]11;rgb:0000/0000/0000\x07",
  "\x1b[?2026;2$y",
  "\x1bP>|XTerm(366)\x1b\\",
  "\x1b[I",
  "\x1b[O",
  "\x1b[8;24;80t",
  "\x1b[?1u",
  "\x1b_Gi=1;OK\x1b\\",
])("%j is a reply, in one piece or torn", (text) => {
  const expected = [
    { type: "reply", text },
    { type: "key", key: "j" },
  ];
  expect(read(`${text}j`)).toEqual(expected);
  for (let at = 2; at < text.length; at++)
    expect(read(text.slice(0, at), 300, `${text.slice(at)}j`)).toEqual(expected);
});

test("the mouse", () => {
  expect(read("\x1b[<0;10;5M\x1b[<0;10;5m\x1b[<68;1;1M")).toEqual([
    { type: "mouse", button: 0, x: 9, y: 4, down: true },
    { type: "mouse", button: 0, x: 9, y: 4, down: false },
    { type: "mouse", button: 64, x: 0, y: 0, down: true },
  ]);
  expect(keys("\x1b[M !!j")).toEqual(["j"]);
});

test("a listener may end it in the middle", () => {
  const seen: Input[] = [];
  const parser = createKeyParser((input) => {
    seen.push(input);
    parser.end();
  });
  parser.feed("j\x1a\x1b[Ax");
  parser.feed("y");
  expect(seen.map((input) => input.type === "key" && input.key)).toEqual(["j", "ctrl+z", "up", "x", "y"]);
});

test("a sequence that breaks off is noise, and the next key counts", () => {
  expect(keys("\x1b[12\x1b[A")).toEqual(["up"]);
  expect(keys("\x1b[12\rj")).toEqual(["enter", "j"]);
  expect(keys("\x1b]11;rgb:\x03j")).toEqual(["ctrl+c", "j"]);
  expect(keys("\x1b]11;rgb:\x1b[Aj")).toEqual(["up", "j"]);
  expect(keys("\x9bA\x80")).toEqual(["A"]);
});

test.each([
  ["CSI", "\x1b[", "1"],
  ["OSC", "\x1b]11;", "a"],
  ["DCS", "\x1bP1", "q"],
  ["SS3", "\x1bO", "1"],
])("an endless %s keeps nothing, types nothing, and ends", (_, begin, filling) => {
  const parts = Array.from({ length: 50 }, () => filling.repeat(10_000));
  const typed = keys(begin, ...parts, "\x1b\\", "j");
  expect(typed.filter((key) => key !== filling).slice(-1)).toEqual(["j"]);
  if (begin !== "\x1bO") expect(typed).toEqual(["j"]);
  expect(keys(begin, ...parts, 600, "j").slice(-1)).toEqual(["j"]);
});

test("noise is read in no time and ctrl-c comes through", () => {
  let seed = 1;
  const noise = Buffer.from(
    Array.from({ length: 200_000 }, () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return (seed >> 16) & 0xff;
    }),
  );
  vi.useRealTimers();
  const seen: Input[] = [];
  const parser = createKeyParser((input) => seen.push(input));
  for (let at = 0; at < noise.length; at += 1000) parser.feed(noise.subarray(at, at + 1000));
  parser.end();
  parser.feed("\x03");
  expect(seen.at(-1)).toEqual({ type: "key", key: "ctrl+c" });
});
