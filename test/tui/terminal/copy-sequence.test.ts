import { expect, test } from "vitest";
import { copySequence } from "../../../src/tui/terminal/copy-sequence.ts";

const payload = (sequence: string) => {
  const encoded = sequence.slice("\x1b]52;c;".length, -1);
  return Buffer.from(encoded, "base64").toString();
};

test("OSC 52", () => {
  expect(copySequence("zpool status", { TERM: "xterm-256color" })).toBe(
    `\x1b]52;c;${Buffer.from("zpool status").toString("base64")}\x07`,
  );
});

test("no more than terminals take, and no character torn", () => {
  const sequence = copySequence("é".repeat(50_000), {});
  expect(sequence.length).toBeLessThanOrEqual(100_000);
  expect(payload(sequence)).toBe("é".repeat(37_497));
  expect(payload(copySequence(`x${"é".repeat(50_000)}`, {}))).toBe(`x${"é".repeat(37_496)}`);
});

test("through tmux, however it is configured", () => {
  const plain = copySequence("a", {});
  for (const env of [{ TMUX: "/tmp/tmux-0/default,1,0", TERM: "screen" }, { TERM: "tmux-256color" }])
    expect(copySequence("a", env)).toBe(`${plain}\x1bPtmux;\x1b${plain}\x1b\\`);
});

test("through screen, in pieces", () => {
  const sequence = copySequence("a".repeat(1000), { STY: "1.pts", TERM: "screen.xterm" });
  const pieces = sequence.split("\x1b\\").filter((piece) => piece !== "");
  expect(pieces.length).toBeGreaterThan(3);
  for (const piece of pieces) expect(piece.length).toBeLessThan(300);
  expect(pieces.map((piece) => piece.replace("\x1bP", "")).join("")).toBe(copySequence("a".repeat(1000), {}));
});
