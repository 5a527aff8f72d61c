import stringWidth from "string-width";
import { expect, it } from "vitest";
import { clean } from "../../../src/tui/text/clean.ts";
import { fit } from "../../../src/tui/text/fit.ts";
import { pad } from "../../../src/tui/text/pad.ts";
import { isNarrow, width } from "../../../src/tui/text/width.ts";
import { wrap } from "../../../src/tui/text/wrap.ts";

const family = "👨‍👩‍👧";

it.each([
  ["", 0],
  ["plain", 5],
  ["● ok – 3 › 2", 12],
  ["日本", 4],
  ["e\u0301", 1],
  [family, 2],
  ["\u001b[31mred\u001b[39m", 3],
])("knows the width of %j", (text, columns) => {
  expect(width(text)).toBe(columns);
  expect(width(text)).toBe(columns);
});

it("takes no character for narrow that is not", () => {
  const characters = Array.from({ length: 0x1_0000 }, (_, code) => String.fromCharCode(code));
  expect(characters.filter((character) => isNarrow(character) && stringWidth(character) !== 1)).toEqual([]);
});

it.each([
  ["plain", 5, "plain"],
  ["plain", 4, "pla…"],
  ["plain", 1, "…"],
  ["plain", 0, ""],
  ["日本語", 6, "日本語"],
  ["日本語", 5, "日本…"],
  ["日本語", 4, "日…"],
  ["日本語", 2, "…"],
  ["cafe\u0301 noir", 5, "cafe\u0301…"],
  [`${family}${family}`, 4, `${family}${family}`],
  [`${family}${family}`, 3, `${family}…`],
  ["two\nlines\there", 20, "two lines here"],
  ["\u001b]0;title\u0007\u009b31m", 20, "]0;title31m"],
])("fits %j into %i columns", (text, columns, fitted) => {
  expect(fit(text, columns)).toBe(fitted);
});

it("never takes more room than there is, whatever the text", () => {
  const nasty = [
    "日",
    "e\u0301",
    family,
    "\u0301",
    "\ud800",
    "한",
    "각",
    "\u200d",
    "ไทย",
    "\u0000",
    "🇩🇪",
    "x",
  ];
  for (let seed = 1; seed < 300; seed++) {
    const text = Array.from({ length: seed % 17 }, (_, index) => nasty[(seed * 7 + index * index) % 12]).join(
      "",
    );
    for (const columns of [0, 1, 2, 5, 9]) {
      expect(width(fit(text, columns))).toBeLessThanOrEqual(columns);
      expect(width(pad(text, columns))).toBe(columns);
      if (columns > 1)
        for (const line of wrap(text, columns)) expect(width(line)).toBeLessThanOrEqual(columns);
    }
  }
});

it("comes to an end with a text without end, and with one without width", () => {
  expect(fit("\u0301".repeat(1_000_000), 10)).toMatch(/…$/);
  expect(fit("日".repeat(1_000_000), 10)).toBe("日日日日…");
});

it("takes an ellipsis of its own", () => {
  expect(fit("plain", 4, "~")).toBe("pla~");
  expect(fit("plain", 2, "...")).toBe("..");
});

it.each([
  ["left", "ab   "],
  ["right", "   ab"],
  ["center", " ab  "],
] as const)("pads to the %s", (align, padded) => {
  expect(pad("ab", 5, align)).toBe(padded);
});

it("pads what was cut in front of a wide character", () => {
  expect(pad("日本語", 4)).toBe("日… ");
});

it.each([
  ["", 10, [""]],
  ["short", 10, ["short"]],
  ["one two three", 7, ["one two", "three"]],
  ["one  two", 4, ["one", "two"]],
  ["unbreakable", 4, ["unbr", "eaka", "ble"]],
  ["a unbreakable", 6, ["a unbr", "eakabl", "e"]],
  ["  indented line", 10, ["  indented", "line"]],
  ["日本語です", 4, ["日本", "語で", "す"]],
  ["first\nsecond\r\n", 10, ["first", "second", ""]],
])("wraps %j at %i", (text, columns, lines) => {
  expect(wrap(text, columns)).toEqual(lines);
});

it("leaves nothing that drives a terminal", () => {
  const all = String.fromCharCode(...Array(0xa0).keys());
  expect(clean(`${all}\u202e\u2066`)).toMatch(/^[ -~]*$/);
});
