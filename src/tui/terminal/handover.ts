import { plainText, showCursor } from "./control-sequences.ts";
import type { InkOutput } from "./ink-output.ts";
import type { Keyboard } from "./keyboard.ts";
import { watchStops } from "./stop.ts";

/** Gives the screen away while it runs, and draws all anew afterwards. */
export type SuspendScreen = (run: () => Promise<void>) => Promise<void>;

export interface Handover {
  readonly attach: (suspendScreen: SuspendScreen) => void;
  readonly suspended: <Result>(run: () => Promise<Result>) => Promise<Result>;
  readonly stop: () => void;
  readonly redraw: () => void;
  readonly close: () => void;
}

/** A line that takes nothing for so long does not hold up what comes next. */
const settleMs = 1000;

/** Who has the terminal: we, another program, or the shell. */
export function createHandover({
  output,
  keyboard,
}: {
  readonly output: InkOutput;
  readonly keyboard: Keyboard;
}): Handover {
  let suspendScreen: SuspendScreen = (run) => run();
  let isAway = false;
  let isClosed = false;
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  const say = (text: string) => {
    output.stream.write(text);
  };

  /** A shell may be open when a host asks for a passphrase, and two hosts may ask at once: each waits for who was before. */
  function suspended<Result>(run: () => Promise<Result>): Promise<Result> {
    const isFree = waiting === 0 && !isAway;
    const result = isFree ? give(run) : last.then(() => give(run));
    waiting += 1;
    last = result
      .catch(() => {})
      .finally(() => {
        waiting -= 1;
      });
    return result;
  }

  async function give<Result>(run: () => Promise<Result>): Promise<Result> {
    isAway = true;
    const holder: { result?: Result } = {};
    try {
      await suspendScreen(async () => {
        say(keyboard.close() + plainText + showCursor);
        await settled();
        try {
          holder.result = await stops.apart(run);
        } finally {
          if (!isClosed) comeBack();
        }
      });
    } finally {
      isAway = false;
    }
    return holder.result as Result;
  }

  function comeBack() {
    say(keyboard.open());
    // Only who is in the foreground is told of a new size: Node.js looks again.
    process.emit("SIGWINCH", "SIGWINCH");
  }

  async function settled() {
    const written = new Promise<void>((resolve) => output.stream.write("", () => resolve()));
    await Promise.race([written, new Promise((resolve) => setTimeout(resolve, settleMs).unref())]);
  }

  function redraw() {
    if (isAway || isClosed) return;
    isAway = true;
    output.stay(true);
    const drawn = suspendScreen(() => Promise.resolve()).finally(() => {
      output.stay(false);
      isAway = false;
    });
    last = drawn.catch(() => {});
  }

  const stops = watchStops({
    stop: (act) => {
      if (!isAway && !isClosed) void suspended(act);
    },
    // Somebody stopped us without a word and continues us now: the shell had the terminal meanwhile.
    continued: () => {
      if (isAway || isClosed) return;
      say(keyboard.close());
      comeBack();
      redraw();
    },
  });

  return {
    attach: (suspend) => {
      suspendScreen = suspend;
    },
    suspended,
    stop: stops.stop,
    redraw,
    close: () => {
      isClosed = true;
      stops.close();
    },
  };
}
