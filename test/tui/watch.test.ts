import { expect, it } from "vitest";
import { watchLines } from "../../src/tui/watch.ts";
import { createFakeTty, pause } from "./terminal/fake-terminal.ts";

function startWatch(lines: () => readonly string[], signal = new AbortController().signal) {
  const tty = createFakeTty();
  const listeners = new Set<() => void>();
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const { stdin, stdout } = tty;
  const end = watchLines({ lines, subscribe, refreshMs: 60_000 }, signal, { stdin, stdout, env: {} });
  return { tty, listeners, end };
}

it.each([
  ["q", "left"],
  ["\x1b", "left"],
  ["\x03", "interrupted"],
])("%j ends it as %s", async (keys, how) => {
  const { tty, listeners, end } = startWatch(() => ["HOST  STATE"]);
  await pause(50);
  tty.stdin.write(keys);
  expect(await end).toBe(how);
  expect(listeners.size).toBe(0);
});

it("leaves no less for a key that came with others", async () => {
  const { tty, end } = startWatch(() => ["HOST  STATE"]);
  tty.stdin.write("jjq");
  expect(await end).toBe("left");
});

it("ends where it is interrupted before it begins", async () => {
  const { end } = startWatch(() => [], AbortSignal.abort());
  expect(await end).toBe("interrupted");
});

it("shows what changes, and how to leave", async () => {
  let state = "ok";
  const { tty, listeners, end } = startWatch(() => [`nas  ${state}`]);
  await pause(200);
  state = "failed";
  for (const changed of listeners) changed();
  await pause(400);
  const screen = await tty.screen();
  expect(screen[0]).toBe("nas  failed");
  expect(screen.at(-1)).toBe("q quits");
  tty.stdin.write("q");
  await end;
});
