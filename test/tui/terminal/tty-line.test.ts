import { expect, test, vi } from "vitest";
import { openTtyLine } from "../../../src/tui/terminal/tty-line.ts";
import { openPipe } from "./slow-pipe.ts";

function openLine() {
  const { stdout, ...pipe } = openPipe();
  const events = { onDrain: vi.fn(), onGone: vi.fn() };
  return { ...pipe, events, line: openTtyLine(stdout, events) };
}

test("a slow line is never waited for, and gets all in its order", async () => {
  const { line, events, readUntilDry } = openLine();
  const done = vi.fn();
  for (const letter of ["a", "b", "c"]) line.write(letter.repeat(100_000), done);
  expect(done).not.toHaveBeenCalled();
  expect(line.isBusy()).toBe(true);
  expect(await readUntilDry()).toBe("a".repeat(100_000) + "b".repeat(100_000) + "c".repeat(100_000));
  expect(line.isBusy()).toBe(false);
  expect(done).toHaveBeenCalledTimes(3);
  expect(events.onDrain).toHaveBeenCalled();
});

test("the last words come at once, and what they cut is broken off", async () => {
  const { line, readUntilDry, read } = openLine();
  const done = vi.fn();
  line.write("a".repeat(200_000), done);
  read();
  line.finish("bye");
  expect(done).toHaveBeenCalledOnce();
  expect((await readUntilDry()).replace(/^a*/, "")).toBe("\x18bye");
});

test("a line that takes nothing any more holds nobody up", () => {
  const { line } = openLine();
  line.write("a".repeat(200_000), () => {});
  expect(line.finish("bye")).toBeUndefined();
});

test("a line that is cut says so once, and everything after it is done", () => {
  const { line, events, closeReader } = openLine();
  closeReader();
  const done = vi.fn();
  line.write("a", done);
  line.write("b", done);
  expect(events.onGone).toHaveBeenCalledOnce();
  expect(done).toHaveBeenCalledTimes(2);
  expect(line.isBusy()).toBe(false);
  line.finish("bye");
});
