import { describe, expect, it } from "vitest";
import { sanitise, sanitiseLine } from "../../src/transport/sanitise.ts";

describe("a text of a host", () => {
  it.each([
    ["plain text, tabs and lines", "a\tb\nc é ✓ 日本", "a\tb\nc é ✓ 日本"],
    ["colours", "\x1b[1;31mred\x1b[0m", "red"],
    ["cursor and screen", "\x1b[2J\x1b[H\x1b[?1049hx\x1b7\x1b8\x1bc", "x"],
    ["a title", "\x1b]0;owned\x07x", "x"],
    ["the clipboard, ended either way", "\x1b]52;c;ZXZpbA==\x1b\\x\x1b]52;c;ZXZpbA==\x07y", "xy"],
    ["a link", "\x1b]8;;http://evil\x07text\x1b]8;;\x07", "text"],
    ["device control and its kin", "\x1bP1$r\x1b\\a\x1b_x\x1b\\b\x1b^y\x1b\\c\x1bXz\x1b\\d", "abcd"],
    ["the same in eight bits", "\x9b31mred\x9d0;owned\x9cx\x90q\x9cy", "redxy"],
    ["a sequence without an end, up to the end of its line", "a\x1b]0;owned\nb\x1b[31\nc\x1b", "a\nb\nc"],
    ["one sequence inside another", "\x1b\x1b[31m[31mx\x1b]0;\x1b[31mt\x07y", "[31mxty"],
    ["backspaces, bells and the like", "a\b\b\x07\x0b\x0c\x0e\x0fb\x7fc\0d\r\ne\rf", "abcd\nef"],
    ["what turns text around", "a\u202eb\u2066c\u2069d\u200fe\u061cf", "abcdef"],
  ])("is freed of what drives a terminal: %s", (_name, text, plain) => {
    expect(sanitise(text)).toBe(plain);
  });

  it("is freed of nothing twice: once is enough", () => {
    const pieces = [
      "\x1b",
      "[",
      "]",
      "0;",
      "\x07",
      "\\",
      "m",
      "\n",
      "\x9b",
      "\x9c",
      "P",
      "a",
      "\r",
      '"',
      "{",
      "u001b",
    ];
    let seed = 7;
    const random = () => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      return seed;
    };
    for (let round = 0; round < 5000; round++) {
      const text = Array.from({ length: 12 }, () => pieces[random() % pieces.length]).join("");
      const plain = sanitise(text);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: what must never be there
      expect(plain).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f]/);
      expect(sanitise(plain)).toBe(plain);
    }
  });

  it("hides nothing of the other lines", () => {
    const text = `=/a\n:\x1b]0;\n=/b\n:two\n`;
    expect(sanitise(text)).toBe("=/a\n:\n=/b\n:two\n");
  });

  it("is freed of what only JSON's reader would make of it, and says the same else", () => {
    const value = {
      name: "a\u001b]0;owned\u0007b",
      path: "C:\\\\u001b",
      tab: "\t",
      line: "\n",
      cr: "x\r",
      e: "é\u202e",
      q: '"',
    };
    const read = JSON.parse(sanitise(JSON.stringify(value)));
    expect(read).toEqual({
      name: "a]0;ownedb",
      path: "C:\\\\u001b",
      tab: "\t",
      line: "\n",
      cr: "x",
      e: "é",
      q: '"',
    });
    const escaped = `[${JSON.stringify("x").replace("x", "\\u001B[31m\\u009b\\u202E\\\\u001b")}]`;
    expect(JSON.parse(sanitise(escaped))).toEqual(["[31m\\u001b"]);
  });

  it("leaves backslashes alone where there is no JSON", () => {
    expect(sanitise("C:\\bin \\u001b \\r")).toBe("C:\\bin \\u001b \\r");
  });

  it("is one line in a message, and not a long one", () => {
    expect(sanitiseLine(" a\n\n b\x1b[2J\t c ")).toBe("a b c");
    expect(sanitiseLine("x".repeat(1000))).toHaveLength(301);
  });
});
