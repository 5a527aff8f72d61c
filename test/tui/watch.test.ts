import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { watchLines } from "../../src/tui/watch.tsx";

const picture = { lines: () => ["HOST  STATE"], subscribe: () => () => {}, refreshMs: 1000 };
const type = (keys: string) => setTimeout(() => process.stdin.emit("data", Buffer.from(keys)), 50);

// Ink waits until what it wrote is out.
beforeEach(() => {
  vi.spyOn(process.stdout, "write").mockImplementation((...args: unknown[]) => {
    const written = args.at(-1);
    if (typeof written === "function") written();
    return true;
  });
});
afterEach(() => void vi.restoreAllMocks());

it.each([
  ["q", "left"],
  ["\x1b", "left"],
  ["\x03", "interrupted"],
])(
  "%j ends it as %s",
  async (keys, end) => {
    type(keys);
    expect(await watchLines(picture, new AbortController().signal)).toBe(end);
  },
  3_000,
);
