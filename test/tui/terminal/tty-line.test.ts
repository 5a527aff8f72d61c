import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { openTtyLine, type TtyStream } from "../../../src/tui/terminal/tty-line.ts";
import { folderWith } from "../../inventory/files.ts";
import { pause } from "./fake-terminal.ts";

/** A pipe for a terminal: it also takes only so much. */
function openPipe() {
  const path = join(folderWith({}), "line");
  execFileSync("mkfifo", [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const fd = openSync(path, constants.O_WRONLY);
  const events = { onDrain: vi.fn(), onGone: vi.fn() };
  const line = openTtyLine({ isTTY: true, fd } as unknown as TtyStream, events);
  const read = () => {
    const buffer = Buffer.alloc(1 << 20);
    try {
      return buffer.toString("latin1", 0, readSync(reader, buffer));
    } catch {
      return "";
    }
  };
  const readUntilDry = async () => {
    let text = "";
    for (let quiet = 0; quiet < 3; ) {
      const more = read();
      quiet = more === "" ? quiet + 1 : 0;
      text += more;
      await pause(15);
    }
    return text;
  };
  return { line, events, read, readUntilDry, closeReader: () => closeSync(reader) };
}

test("a slow line is never waited for, and gets all in its order", async () => {
  const { line, events, readUntilDry } = openPipe();
  const done = vi.fn();
  const startedAt = performance.now();
  for (const letter of ["a", "b", "c"]) line.write(letter.repeat(100_000), done);
  expect(performance.now() - startedAt).toBeLessThan(200);
  expect(line.isBusy()).toBe(true);
  expect(await readUntilDry()).toBe("a".repeat(100_000) + "b".repeat(100_000) + "c".repeat(100_000));
  expect(line.isBusy()).toBe(false);
  expect(done).toHaveBeenCalledTimes(3);
  expect(events.onDrain).toHaveBeenCalled();
});

test("the last words come at once, and what they cut is broken off", async () => {
  const { line, readUntilDry, read } = openPipe();
  const done = vi.fn();
  line.write("a".repeat(200_000), done);
  read();
  line.finish("bye");
  expect(done).toHaveBeenCalledOnce();
  expect((await readUntilDry()).replace(/^a*/, "")).toBe("\x18bye");
});

test("a line that takes nothing any more holds nobody up", () => {
  const { line } = openPipe();
  line.write("a".repeat(200_000), () => {});
  const startedAt = performance.now();
  line.finish("bye");
  expect(performance.now() - startedAt).toBeLessThan(2000);
});

test("a line that is cut says so once, and everything after it is done", () => {
  const { line, events, closeReader } = openPipe();
  closeReader();
  const done = vi.fn();
  line.write("a", done);
  line.write("b", done);
  expect(events.onGone).toHaveBeenCalledOnce();
  expect(done).toHaveBeenCalledTimes(2);
  expect(line.isBusy()).toBe(false);
  line.finish("bye");
});
