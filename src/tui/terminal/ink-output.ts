import { EventEmitter } from "node:events";
import { alternateScreen, clearScreen, joinSteps, synchronized } from "./control-sequences.ts";
import { createStyleSaver } from "./fewer-styles.ts";
import type { TtyLine } from "./tty-line.ts";

/** What Ink takes for the terminal. */
export interface InkOutput {
  readonly stream: NodeJS.WriteStream;
  /** Sends what Ink wrote so far. */
  readonly flush: () => void;
  readonly isAlternate: () => boolean;
  /** From now on Ink leaves and enters the alternate screen in vain: it is cleared instead. */
  readonly stay: (isStaying: boolean) => void;
  readonly resized: () => void;
  readonly bytesWritten: () => number;
}

interface OutputOptions {
  readonly stdout: NodeJS.WriteStream;
  readonly line: TtyLine;
  readonly isSynchronized: () => boolean;
  /** Goes out with the first alternate screen, where a terminal that does not understand may print what it likes. */
  readonly probe: string;
}

/** One write for all that Ink writes in a tick, without what this terminal does not understand. */
export function createInkOutput({ stdout, line, isSynchronized, probe }: OutputOptions): InkOutput {
  let parts: string[] = [];
  let callbacks: (() => void)[] = [];
  let bytes = 0;
  let isAlternate = false;
  let isStaying = false;
  let isProbed = false;
  const withFewerStyles = createStyleSaver();

  function toSend(): string {
    let text = withFewerStyles(joinSteps(parts.join("")));
    if (!isSynchronized()) text = text.replaceAll(synchronized.begin, "").replaceAll(synchronized.end, "");
    const enters = text.lastIndexOf(alternateScreen.enter);
    const leaves = text.lastIndexOf(alternateScreen.leave);
    if (enters < 0 && leaves < 0) return text;
    // Not every terminal goes to the top left by itself, and Ink reckons from there.
    if (isStaying || (isAlternate && leaves < 0))
      return text.replaceAll(alternateScreen.leave, "").replaceAll(alternateScreen.enter, clearScreen);
    isAlternate = enters > leaves;
    const once = isProbed ? "" : probe;
    isProbed ||= enters >= 0;
    return text.replaceAll(alternateScreen.enter, `${alternateScreen.enter}${once}${clearScreen}`);
  }

  function flush() {
    if (parts.length === 0) return;
    const text = toSend();
    const done = callbacks;
    [parts, callbacks] = [[], []];
    bytes += Buffer.byteLength(text);
    line.write(text, () => {
      for (const callback of done) callback();
    });
  }

  const emitter = new EventEmitter();
  // Every table on the screen may listen to its size.
  emitter.setMaxListeners(0);
  const stream = Object.defineProperties(emitter, {
    columns: { get: () => stdout.columns || 80 },
    rows: { get: () => stdout.rows || 24 },
    isTTY: { value: stdout.isTTY },
    writable: { value: true },
    destroyed: { value: false },
    writableEnded: { value: false },
    write: {
      value: (text: string | Uint8Array, ...rest: readonly unknown[]) => {
        if (parts.length === 0) queueMicrotask(flush);
        parts.push(typeof text === "string" ? text : Buffer.from(text).toString());
        const callback = rest.findLast((argument) => typeof argument === "function");
        if (callback) callbacks.push(callback as () => void);
        return true;
      },
    },
  });
  return {
    stream: stream as unknown as NodeJS.WriteStream,
    flush,
    isAlternate: () => isAlternate,
    stay: (on) => {
      isStaying = on;
    },
    resized: () => {
      emitter.emit("resize");
    },
    bytesWritten: () => bytes,
  };
}
