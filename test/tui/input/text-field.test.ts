import { expect, test } from "vitest";
import { edit, type TextField } from "../../../src/tui/input/text-field.ts";

/** `|` is the cursor. */
const field = (text: string): TextField => ({ text: text.replace("|", ""), cursor: text.indexOf("|") });
const show = ({ text, cursor }: TextField) => `${text.slice(0, cursor)}|${text.slice(cursor)}`;

test.each([
  ["ab|c", "x", "abx|c"],
  ["|", "space", " |"],
  ["|", "+", "+|"],
  ["a|", "é", "aé|"],
  ["ab|", "left", "a|b"],
  ["|ab", "left", "|ab"],
  ["a|b", "right", "ab|"],
  ["ab|", "right", "ab|"],
  ["a👨‍👩‍👧|b", "left", "a|👨‍👩‍👧b"],
  ["a|👨‍👩‍👧b", "right", "a👨‍👩‍👧|b"],
  ["a👨‍👩‍👧|b", "backspace", "a|b"],
  ["e\u0301|", "backspace", "|"],
  ["|e\u0301x", "delete", "|x"],
  ["|", "backspace", "|"],
  ["x|", "delete", "x|"],
  ["a|b", "home", "|ab"],
  ["a|b", "end", "ab|"],
  ["a|b", "ctrl+e", "ab|"],
  ["ab|cd", "ctrl+u", "|cd"],
  ["host:nas disk|", "ctrl+w", "host:nas |"],
  ["host:nas  |", "ctrl+w", "host:|"],
  ["one two|", "alt+b", "one |two"],
  ["one |two", "alt+b", "|one two"],
  ["|one two", "alt+f", "one| two"],
  ["one| two", "alt+f", "one two|"],
  ["grün weiß|", "alt+b", "grün |weiß"],
])("%s %s %s", (before, key, after) => {
  const edited = edit(field(before), { type: "key", key });
  expect(edited && show(edited)).toBe(after);
});

test.each(["enter", "esc", "tab", "up", "f1", "ctrl+c", "alt+x"])("%s is nothing for it", (key) => {
  expect(edit(field("a|"), { type: "key", key })).toBeUndefined();
});

test("what is pasted becomes one harmless line", () => {
  const edited = edit(field("a|c"), { type: "paste", text: "  one\ttwo\n\x1b[31mthree\x07\n" });
  expect(edited && show(edited)).toBe("aone two [31mthree|c");
  expect(edit(field("|"), { type: "paste", text: "x".repeat(100_000) })?.text.length).toBe(2000);
});
