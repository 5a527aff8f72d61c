import { PassThrough } from "node:stream";
import { Box, type Instance, Text } from "ink";
import { useEffect, useState } from "react";
import { afterEach, expect, test, vi } from "vitest";
import type { Input } from "../../../src/tui/terminal/key-parser.ts";
import { renderOn } from "../../../src/tui/terminal/render-on.tsx";
import { openTerminal, type Terminal } from "../../../src/tui/terminal/terminal.ts";
import { type FakeTerminal, openFake, pause } from "./fake-terminal.ts";
import { openPipe } from "./slow-pipe.ts";

const opened: FakeTerminal[] = [];
const open = (env?: Readonly<Record<string, string>>) => {
  const fake = openFake(env);
  opened.push(fake);
  return fake;
};
afterEach(() => {
  for (const { terminal } of opened.splice(0)) terminal.close();
});

let setText: (text: string) => void = () => {};

function Page({ terminal }: { readonly terminal: Terminal }) {
  const [text, set] = useState("first");
  const [size, setSize] = useState(terminal.size());
  setText = set;
  useEffect(() => terminal.onResize(() => setSize(terminal.size())), [terminal]);
  return (
    <Box flexDirection="column" width={size.columns} height={size.rows}>
      <Text>head</Text>
      <Text wrap="truncate">{text}</Text>
      <Box flexGrow={1} />
      <Text>foot</Text>
    </Box>
  );
}

async function show(fake: FakeTerminal) {
  const app = renderOn(fake.terminal, <Page terminal={fake.terminal} />);
  await app.waitUntilRenderFlush();
  return app;
}

/** Ink draws thirty times a second at most. */
async function drawn(app: Instance) {
  await pause(100);
  await app.waitUntilRenderFlush();
}

const wanted = (text: string, rows = 24) => ["head", text, ...Array<string>(rows - 3).fill(""), "foot"];

const lastOf = (writes: readonly string[], text: string) => writes.join("").lastIndexOf(text);

test("a frame is one write, and small when little changes", async () => {
  const fake = open();
  const app = await show(fake);
  expect(await fake.screen()).toEqual(wanted("first"));
  const before = fake.terminal.bytesWritten();
  fake.writes.length = 0;
  setText("second");
  await drawn(app);
  expect(await fake.screen()).toEqual(wanted("second"));
  expect(fake.writes.filter((text) => text !== "")).toHaveLength(1);
  expect(fake.terminal.bytesWritten() - before).toBeLessThan(60);
  expect(fake.terminal.bytesWritten() - before).toBe(fake.writes.join("").length);
});

test("what is painted first is there before Ink is, and Ink takes over the same screen", async () => {
  const fake = open();
  fake.terminal.paint(wanted("painted"));
  expect(await fake.screen()).toEqual(wanted("painted"));
  await show(fake);
  expect(await fake.screen()).toEqual(wanted("first"));
  expect(fake.writes.join("").split("\x1b[?1049h")).toHaveLength(2);
  fake.terminal.close();
  expect(lastOf(fake.writes, "\x1b[?1049l")).toBeGreaterThan(lastOf(fake.writes, "\x1b[?1049h"));
});

test("synchronized updates are asked for once, on the alternate screen, and used when confirmed", async () => {
  const fake = open();
  const app = await show(fake);
  expect(fake.writes.join("")).toContain("\x1b[?1049h\x1b[?2026$p\x1b[H\x1b[J");
  expect(fake.writes.join("")).not.toContain("\x1b[?2026h");
  fake.stdin.write("\x1b[?2026;2$y");
  await pause(5);
  fake.writes.length = 0;
  setText("second");
  await drawn(app);
  expect(fake.writes.join("").startsWith("\x1b[?2026h")).toBe(true);
  expect(fake.writes.join("").endsWith("\x1b[?2026l")).toBe(true);
  await fake.terminal.suspended(async () => {});
  expect(fake.writes.join("")).not.toContain("\x1b[?2026$p");
});

test("a terminal that denies them gets none", async () => {
  const fake = open();
  const app = await show(fake);
  fake.stdin.write("\x1b[?2026;0$y");
  await pause(5);
  setText("second");
  await drawn(app);
  expect(fake.writes.join("")).not.toContain("\x1b[?2026h");
});

test("keys come from the terminal, and Ink gets none", async () => {
  const { terminal, stdin, rawModes } = open();
  const inputs: Input[] = [];
  const remove = terminal.onInput((input) => inputs.push(input));
  stdin.write("jj\x1b[A");
  await pause(5);
  remove();
  stdin.write("k");
  await pause(5);
  expect(inputs.map((input) => input.type === "key" && input.key)).toEqual(["j", "j", "up"]);
  expect(rawModes).toEqual([true]);
  expect(terminal.stdin.readableLength).toBe(0);
});

test("a resize reaches listeners and the picture", async () => {
  const fake = open();
  const app = await show(fake);
  for (const [columns, rows] of [
    [100, 30],
    [60, 15],
    [120, 20],
  ] as const) {
    fake.resize(columns, rows);
    await drawn(app);
    expect(await fake.screen()).toEqual(wanted("first", rows));
  }
});

test("the terminal is given to another program as it was, and taken back with all on it", async () => {
  const fake = open();
  const app = await show(fake);
  fake.terminal.setMouse(true);
  await pause();
  const during = await fake.terminal.suspended(async () => {
    await fake.settled();
    expect(fake.emulator.buffer.active.type).toBe("normal");
    expect(fake.emulator.modes.bracketedPasteMode).toBe(false);
    expect(fake.emulator.modes.mouseTrackingMode).toBe("none");
    expect(fake.rawModes.at(-1)).toBe(false);
    expect(lastOf(fake.writes, "\x1b[?25h")).toBeGreaterThan(lastOf(fake.writes, "\x1b[?25l"));
    fake.writes.length = 0;
    setText("later");
    await pause(100);
    expect(fake.writes.join("")).toBe("");
    return "result";
  });
  expect(during).toBe("result");
  await app.waitUntilRenderFlush();
  expect(fake.rawModes.at(-1)).toBe(true);
  await fake.settled();
  expect(fake.emulator.buffer.active.type).toBe("alternate");
  expect(fake.emulator.modes.bracketedPasteMode).toBe(true);
  expect(fake.emulator.modes.mouseTrackingMode).toBe("vt200");
  expect(await fake.screen()).toEqual(wanted("later"));
});

test("what fails while the terminal is given away gives it back", async () => {
  const fake = open();
  await show(fake);
  await expect(fake.terminal.suspended(() => Promise.reject(new Error("no such program")))).rejects.toThrow(
    "no such program",
  );
  expect(fake.rawModes.at(-1)).toBe(true);
  expect(await fake.screen()).toEqual(wanted("first"));
  await expect(fake.terminal.suspended(async () => 1)).resolves.toBe(1);
});

test("ctrl-c in the other program is not ours", async () => {
  const fake = open();
  const interrupted = vi.fn();
  process.on("SIGINT", interrupted);
  await fake.terminal.suspended(async () => {
    process.emit("SIGINT", "SIGINT");
  });
  expect(interrupted).not.toHaveBeenCalled();
  process.emit("SIGINT", "SIGINT");
  expect(interrupted).toHaveBeenCalledOnce();
  process.off("SIGINT", interrupted);
});

test("redraw repairs a screen that something else wrote on, without leaving it", async () => {
  const fake = open();
  const app = await show(fake);
  fake.emulator.write("\x1b[5;5Hnoise\x1b[2;1Hnoise");
  fake.writes.length = 0;
  fake.terminal.redraw();
  await pause(20);
  await app.waitUntilRenderFlush();
  expect(await fake.screen()).toEqual(wanted("first"));
  expect(fake.writes.join("")).not.toContain("1049");
  setText("second");
  await drawn(app);
  expect(await fake.screen()).toEqual(wanted("second"));
});

test("after close the terminal is as before, and nothing is written any more", async () => {
  const fake = open();
  const app = await show(fake);
  fake.terminal.setMouse(true);
  await pause();
  const listeners = process.listenerCount("SIGTSTP") + process.listenerCount("exit");
  app.unmount();
  fake.terminal.close();
  fake.terminal.close();
  await app.waitUntilExit();
  expect(process.listenerCount("SIGTSTP") + process.listenerCount("exit")).toBe(listeners - 2);
  expect(await fake.screen()).toEqual([]);
  expect(fake.emulator.buffer.active.type).toBe("normal");
  expect(fake.emulator.modes.bracketedPasteMode).toBe(false);
  expect(fake.emulator.modes.mouseTrackingMode).toBe("none");
  expect(fake.rawModes.at(-1)).toBe(false);
  expect(fake.writes.at(-1)).toContain("\x1b[?25h");
  fake.writes.length = 0;
  fake.terminal.stdout.write("late");
  await pause();
  expect(fake.writes).toEqual([]);
});

test("closed while Ink still runs: the screen is left all the same", async () => {
  const fake = open();
  const app = await show(fake);
  fake.terminal.close();
  expect(fake.writes.at(-1)).toContain("\x1b[?1049l");
  app.unmount();
  await app.waitUntilExit();
  expect(fake.writes.at(-1)).toContain("\x1b[?1049l");
});

test.each([
  ["stdin ends", (fake: FakeTerminal) => fake.stdin.end()],
  ["stdin fails", (fake: FakeTerminal) => fake.stdin.destroy(new Error("read EIO"))],
  ["stdout fails", (fake: FakeTerminal) => fake.stdout.destroy(new Error("write EIO"))],
])("%s: the terminal is gone and the program ends quietly", async (_, lose) => {
  const fake = open();
  const app = await show(fake);
  lose(fake);
  await app.waitUntilExit();
  expect(fake.terminal.gone.aborted).toBe(true);
  fake.terminal.close();
});

test("on a slow line no picture is made while the one before has not gone", async () => {
  const { stdout, readUntilDry } = openPipe();
  const terminal = openTerminal({
    stdin: new PassThrough() as unknown as NodeJS.ReadStream,
    stdout,
    env: {},
  });
  const app = renderOn(terminal, <Page terminal={terminal} />);
  await app.waitUntilRenderFlush();
  terminal.stdout.write("x".repeat(100_000));
  await pause();
  expect(terminal.isBusy()).toBe(true);
  for (let count = 0; count < 10; count++) {
    setText(`picture ${count}`);
    await pause(80);
  }
  const pictures = async () => (await readUntilDry()).match(/picture \d/g);
  expect(await pictures()).toEqual(["picture 9"]);
  app.unmount();
  terminal.close();
});
