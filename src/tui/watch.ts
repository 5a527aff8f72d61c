import { createStore } from "../model/store.ts";
import { mountApp } from "./App.tsx";
import { createPacer } from "./pacer.ts";
import { type Picture, toPicture } from "./picture.ts";
import { openTerminal, type TerminalOptions } from "./terminal/terminal.ts";

export interface WatchOptions {
  /** Ready-made lines for that width, colours included. Those after the first `rows` are counted only. */
  readonly lines: (columns: number, rows: number) => readonly string[];
  readonly subscribe: (listener: () => void) => () => void;
  /** How often it is drawn again although nothing changed, so that ages grow. */
  readonly refreshMs: number;
}

// Many answers come together, and nobody reads faster than that.
const pictureMs = 100;

/** Shows lines full screen until `q`, ctrl-c or `signal`. The terminal is as it was afterwards. */
export async function watchLines(
  { lines, subscribe, refreshMs }: WatchOptions,
  signal: AbortSignal,
  on: TerminalOptions,
): Promise<"left" | "interrupted"> {
  const terminal = openTerminal(on);
  const draw = (before?: Picture) => {
    const size = terminal.size();
    return toPicture(before, size.columns, toScreen(lines(size.columns, size.rows), size.rows));
  };
  const stops: (() => void)[] = [() => terminal.close()];
  let isInterrupted = false;
  try {
    const picture = createStore(draw());
    const pacer = createPacer(() => {
      picture.update(draw);
      return pictureMs;
    });
    const clock = setInterval(pacer.soon, refreshMs);
    stops.push(pacer.stop, () => clearInterval(clock), subscribe(pacer.soon));
    const app = mountApp(terminal, { subscribe: picture.subscribe, picture: picture.get });
    const leave = () => app.unmount();
    const acts: Readonly<Record<string, () => void>> = {
      q: leave,
      Q: leave,
      esc: leave,
      "ctrl+c": () => {
        isInterrupted = true;
        leave();
      },
      "ctrl+l": terminal.redraw,
      "ctrl+z": terminal.stop,
    };
    stops.push(
      terminal.onInput((input) => input.type === "key" && acts[input.key]?.()),
      terminal.onResize(pacer.now),
      () => signal.removeEventListener("abort", leave),
    );
    signal.addEventListener("abort", leave);
    if (signal.aborted) leave();
    await app.waitUntilExit();
  } finally {
    for (const stop of stops.toReversed()) stop();
  }
  return isInterrupted || signal.aborted ? "interrupted" : "left";
}

/** The last row tells what did not fit, or how to leave. */
function toScreen(lines: readonly string[], rows: number): readonly string[] {
  const room = rows - 1;
  if (lines.length <= room) return [...lines, ...Array<string>(room - lines.length).fill(""), "q quits"];
  return [...lines.slice(0, room), `${lines.length - room} more lines; a taller window shows them · q quits`];
}
