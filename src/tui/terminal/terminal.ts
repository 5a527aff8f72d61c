import { PassThrough } from "node:stream";
import {
  alternateScreen,
  confirmsSynchronized,
  hideCursor,
  plainText,
  showCursor,
  synchronized,
} from "./control-sequences.ts";
import { copySequence } from "./copy-sequence.ts";
import { createHandover, type SuspendScreen } from "./handover.ts";
import { createInkOutput } from "./ink-output.ts";
import type { Input } from "./key-parser.ts";
import { createKeyboard } from "./keyboard.ts";
import { createListeners } from "./listeners.ts";
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
  let isClosed = false;

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
  const keyboard = createKeyboard({
    stdin,
    say,
    emit: (input) => {
      if (input.type === "reply" && confirmsSynchronized(input.text)) isSynchronized = true;
      inputs.tell(input);
    },
  });
  const handover = createHandover({ output, keyboard });
  const resized = () => {
    resizes.tell();
    output.resized();
  };

  function close() {
    if (isClosed) return;
    output.flush();
    const isCut = line.isBusy();
    isClosed = true;
    handover.close();
    process.off("exit", close);
    process.off("uncaughtExceptionMonitor", close);
    stdout.off("resize", resized);
    stdin.off("end", lose).off("close", lose);
    const modes = (isSynchronized ? synchronized.end : "") + keyboard.close() + plainText + showCursor;
    const screen = output.isAlternate() || isCut ? alternateScreen.leave : "";
    line.finish(gone.signal.aborted ? "" : modes + screen);
  }

  say(keyboard.open());
  stdin.on("end", lose).on("close", lose).on("error", lose);
  stdout.on("resize", resized);
  process.on("exit", close);
  // What is said about a crash is to be read: not on a screen that goes away with it.
  process.on("uncaughtExceptionMonitor", close);
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
    suspended: handover.suspended,
    stop: handover.stop,
    redraw: handover.redraw,
    setMouse: keyboard.setMouse,
    isBusy: line.isBusy,
    onDrain: drains.add,
    bytesWritten: output.bytesWritten,
    gone: gone.signal,
    attach: handover.attach,
    close,
  };
}

function inertStdin(): NodeJS.ReadStream {
  const inert = { isTTY: true, setRawMode() {}, ref() {}, unref() {} };
  return Object.assign(new PassThrough(), inert) as unknown as NodeJS.ReadStream;
}
