import { PassThrough } from "node:stream";
import {
  alternateScreen,
  bracketedPaste,
  confirmsSynchronized,
  hideCursor,
  mouse,
  plainText,
  showCursor,
  synchronized,
} from "./control-sequences.ts";
import { copySequence } from "./copy-sequence.ts";
import { createInkOutput } from "./ink-output.ts";
import { createKeyParser, type Input } from "./key-parser.ts";
import { createListeners } from "./listeners.ts";
import { watchStops } from "./stop.ts";
import { openTtyLine, type TtyStream } from "./tty-line.ts";

export interface Terminal {
  /** For Ink: nobody types on it. */
  readonly stdin: NodeJS.ReadStream;
  /** For Ink. */
  readonly stdout: NodeJS.WriteStream;
  /** Shows these rows at once, on the screen that Ink takes over. */
  readonly paint: (rows: readonly string[]) => void;
  readonly onInput: (listener: (input: Input) => void) => () => void;
  readonly size: () => { readonly columns: number; readonly rows: number };
  readonly onResize: (listener: () => void) => () => void;
  /** To the clipboard of whoever sits there. */
  readonly copy: (text: string) => void;
  /** Gives the terminal to another program as long as that runs. */
  readonly suspended: <Result>(run: () => Promise<Result>) => Promise<Result>;
  /** Ctrl-z: into the background, until the shell says `fg`. */
  readonly stop: () => void;
  /** Draws all anew. */
  readonly redraw: () => void;
  readonly setMouse: (on: boolean) => void;
  /** The line is slow and has not taken all yet: another picture would be old when it is seen. */
  readonly isBusy: () => boolean;
  readonly onDrain: (listener: () => void) => () => void;
  readonly bytesWritten: () => number;
  /** Aborted when the terminal is not there any more. */
  readonly gone: AbortSignal;
  /** Tells who has the screen, and can give it away and take it back. */
  readonly attach: (suspendScreen: SuspendScreen) => void;
  /** The terminal is as it was before. */
  readonly close: () => void;
}

export type SuspendScreen = (run: () => Promise<void>) => Promise<void>;

export interface TerminalOptions {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: TtyStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function openTerminal({ stdin, stdout, env }: TerminalOptions): Terminal {
  const inputs = createListeners<Input>();
  const resizes = createListeners();
  const drains = createListeners();
  const gone = new AbortController();
  const lose = () => gone.abort();
  let isSynchronized = false;
  let hasMouse = false;
  let isSuspended = false;
  let isClosed = false;
  let suspendScreen: SuspendScreen = (run) => run();

  const parser = createKeyParser((input) => {
    if (input.type === "reply" && confirmsSynchronized(input.text)) isSynchronized = true;
    inputs.tell(input);
  });
  const line = openTtyLine(stdout, { onDrain: () => drains.tell(), onGone: lose });
  const output = createInkOutput({
    stdout,
    line: { ...line, write: (text, done) => (isClosed ? done() : line.write(text, done)) },
    isSynchronized: () => isSynchronized,
    probe: synchronized.ask,
  });
  const say = (text: string) => {
    output.stream.write(text);
  };

  function listen() {
    stdin.setRawMode?.(true);
    stdin.on("data", parser.feed);
    stdin.resume();
    say(bracketedPaste.on + (hasMouse ? mouse.on : ""));
  }

  function stopListening() {
    stdin.off("data", parser.feed);
    parser.end();
    stdin.setRawMode?.(false);
    stdin.pause();
  }

  const leaveModes = () => bracketedPaste.off + (hasMouse ? mouse.off : "") + plainText + showCursor;

  async function suspended<Result>(run: () => Promise<Result>): Promise<Result> {
    if (isSuspended) throw new Error("The terminal is already given away.");
    isSuspended = true;
    const holder: { result?: Result } = {};
    try {
      await suspendScreen(async () => {
        say(leaveModes());
        stopListening();
        await settled();
        try {
          holder.result = await stops.apart(run);
        } finally {
          if (!isClosed) listen();
        }
      });
    } finally {
      isSuspended = false;
    }
    return holder.result as Result;
  }

  /** Resolves when the terminal has got all, or does not take it. */
  async function settled() {
    const written = new Promise<void>((resolve) => output.stream.write("", () => resolve()));
    await Promise.race([written, new Promise((resolve) => setTimeout(resolve, settleMs).unref())]);
  }

  function redraw() {
    if (isSuspended || isClosed) return;
    isSuspended = true;
    output.stay(true);
    void suspendScreen(() => Promise.resolve()).finally(() => {
      output.stay(false);
      isSuspended = false;
    });
  }

  const stops = watchStops({
    stop: (act) => {
      if (!isSuspended && !isClosed) void suspended(act);
    },
    // Somebody stopped us from outside and continues us now: the shell had the terminal meanwhile.
    continued: () => {
      if (isSuspended || isClosed) return;
      stdin.setRawMode?.(false);
      stdin.setRawMode?.(true);
      say(bracketedPaste.on + (hasMouse ? mouse.on : ""));
      redraw();
    },
  });

  const resized = () => {
    resizes.tell();
    output.resized();
  };

  function close() {
    if (isClosed) return;
    output.flush();
    const isCut = line.isBusy();
    isClosed = true;
    stops.close();
    process.off("exit", close);
    stdout.off("resize", resized);
    stopListening();
    stdin.off("end", lose).off("close", lose);
    if (gone.signal.aborted) line.finish("");
    else {
      const isAlternate = output.isAlternate() || isCut;
      line.finish(
        (isSynchronized ? synchronized.end : "") + leaveModes() + (isAlternate ? alternateScreen.leave : ""),
      );
    }
  }

  listen();
  stdin.on("end", lose).on("close", lose).on("error", lose);
  stdout.on("resize", resized);
  process.on("exit", close);
  return {
    stdin: inertStdin(),
    stdout: output.stream,
    paint: (rows) => {
      say(alternateScreen.enter + hideCursor + rows.join("\r\n"));
      output.flush();
    },
    onInput: inputs.add,
    size: () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 }),
    onResize: resizes.add,
    copy: (text) => say(copySequence(text, env)),
    suspended,
    stop: stops.stop,
    redraw,
    setMouse: (on) => {
      if (on === hasMouse) return;
      hasMouse = on;
      if (!isSuspended) say(on ? mouse.on : mouse.off);
    },
    isBusy: line.isBusy,
    onDrain: drains.add,
    bytesWritten: output.bytesWritten,
    gone: gone.signal,
    attach: (suspend) => {
      suspendScreen = suspend;
    },
    close,
  };
}

const settleMs = 1000;

function inertStdin(): NodeJS.ReadStream {
  const inert = { isTTY: true, setRawMode() {}, ref() {}, unref() {} };
  return Object.assign(new PassThrough(), inert) as unknown as NodeJS.ReadStream;
}
