import { PassThrough } from "node:stream";
import { Box, render, Text } from "ink";
import { useSyncExternalStore } from "react";

export interface WatchOptions {
  /** Ready-made lines for that width, colours included. Those after the first `rows` are counted only. */
  readonly lines: (columns: number, rows: number) => readonly string[];
  readonly subscribe: (listener: () => void) => () => void;
  /** How often it is drawn again although nothing changed, so that ages grow. */
  readonly refreshMs: number;
}

/** Shows lines full screen until `q`, ctrl-c or `signal`. The terminal is as it was afterwards. */
export async function watchLines(
  options: WatchOptions,
  signal: AbortSignal,
): Promise<"left" | "interrupted"> {
  const { stdin } = process;
  // Ink loses keys that arrive together: the keyboard is ours, and Ink gets one that nobody types on.
  const inert = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode() {},
    ref() {},
    unref() {},
  }) as unknown as NodeJS.ReadStream;
  const app = render(<Screen picture={createPicture(options)} />, {
    stdin: inert,
    alternateScreen: true,
    incrementalRendering: true,
    maxFps: 15,
    patchConsole: false,
    exitOnCtrlC: false,
    interactive: process.stdout.isTTY,
  });
  const leave = () => app.unmount();
  let interrupted = false;
  const onKeys = (keys: Buffer) => {
    interrupted ||= keys.includes(interruptKey);
    if (interrupted || leaveKeys.some((key) => keys.includes(key)) || keys.equals(escapeKey)) leave();
  };
  stdin.setRawMode?.(true);
  stdin.on("data", onKeys);
  signal.addEventListener("abort", leave, { once: true });
  try {
    await app.waitUntilExit();
  } finally {
    signal.removeEventListener("abort", leave);
    stdin.off("data", onKeys);
    stdin.setRawMode?.(false);
    stdin.pause();
  }
  return interrupted || signal.aborted ? "interrupted" : "left";
}

/** q, Q. */
const leaveKeys = [0x71, 0x51];
/** ctrl-c. */
const interruptKey = 0x03;
const escapeKey = Buffer.from([0x1b]);

const { stdout } = process;

// Many answers come together, and nobody reads faster than that.
const pictureMs = 100;
// Of the time, at most a tenth is for pictures: what takes long to make is made more rarely.
const shareOfTime = 10;

function Screen({ picture }: { readonly picture: Picture }) {
  // A string is the same when what is seen is the same: then nothing is drawn.
  const text = useSyncExternalStore(picture.subscribe, picture.get);
  return (
    <Box width={stdout.columns || 80} height={stdout.rows || 24} flexDirection="column">
      {text.split("\n").map((line, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is known by its row.
        <Text key={row} wrap="truncate">
          {line === "" ? " " : line}
        </Text>
      ))}
    </Box>
  );
}

interface Picture {
  readonly get: () => string;
  readonly subscribe: (changed: () => void) => () => void;
}

/** What is to be seen now. Made anew ten times a second at most, however often something changes. */
function createPicture({ lines, subscribe, refreshMs }: WatchOptions): Picture {
  let waitMs = pictureMs;
  const make = () => {
    const startedAt = performance.now();
    const [columns, rows] = [stdout.columns || 80, stdout.rows || 24];
    const picture = toScreen(lines(columns, rows), rows).join("\n");
    waitMs = Math.max(pictureMs, (performance.now() - startedAt) * shareOfTime);
    return picture;
  };
  let text = make();
  return {
    get: () => text,
    subscribe: (changed) => {
      let timer: NodeJS.Timeout | undefined;
      const draw = () => {
        clearTimeout(timer);
        timer = undefined;
        text = make();
        changed();
      };
      const drawSoon = () => {
        timer ??= setTimeout(draw, waitMs);
      };
      const clock = setInterval(drawSoon, refreshMs);
      const stop = subscribe(drawSoon);
      stdout.on("resize", draw);
      return () => {
        clearTimeout(timer);
        clearInterval(clock);
        stop();
        stdout.off("resize", draw);
      };
    },
  };
}

/** The last row tells what did not fit, or how to leave. */
function toScreen(lines: readonly string[], rows: number): readonly string[] {
  const room = rows - 1;
  if (lines.length <= room) return [...lines, ...Array<string>(room - lines.length).fill(""), "q quits"];
  return [...lines.slice(0, room), `${lines.length - room} more lines; a taller window shows them · q quits`];
}
