import { expect, test } from "vitest";
import { createStyleSaver } from "../../../src/tui/terminal/fewer-styles.ts";

const sgr = (text: string) => text.replaceAll(/<([\d;]+)>/g, "\x1b[$1m");

test.each([
  ["a style that nothing is written in", "a<2><22><36><39>b", "ab"],
  ["the one that is left", "<2><22><32>b<39>", "<32>b<39>"],
  ["bold that begins anew within dim", "<2>a<1><22><2>b<22>", "<2>ab<22>"],
  ["bold that ends while dim goes on", "<2><1>a<22><2>b<22>", "<2><1>a<22><2>b<22>"],
  ["one colour after another", "<31>a<39><32>b<39>", "<31>a<32>b<39>"],
  ["the same colour again", "<38;2;1;2;3>a<39><38;2;1;2;3>b<39>", "<38;2;1;2;3>ab<39>"],
  ["inverse, underline and a background", "<7><27><4><24><41><49>a<7>b<27>", "a<7>b<27>"],
  ["what it does not know", "<0>a<1;31>b<39>c<0>d", "<0>a<1;31>b<39>c<0>d"],
])("%s", (_, text, expected) => {
  expect(createStyleSaver()(sgr(text))).toBe(sgr(expected));
});

test("what was begun in one text ends in the next", () => {
  const save = createStyleSaver();
  expect(save(sgr("<31>a"))).toBe(sgr("<31>a"));
  expect(save(sgr("b<39>c"))).toBe(sgr("b<39>c"));
});

test("a style is there when a line is erased in it", () => {
  expect(createStyleSaver()(sgr("<41>\x1b[K<49>"))).toBe(sgr("<41>\x1b[K<49>"));
});
