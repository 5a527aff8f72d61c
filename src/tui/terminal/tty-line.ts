import { closeSync, constants, openSync, writeSync } from "node:fs";

/** Where bytes for the terminal go. */
export interface TtyLine {
  readonly write: (text: string, done: () => void) => void;
  /** True while bytes wait here because the line is slow. */
  readonly isBusy: () => boolean;
  /** The last words, written at once. What was waiting is dropped. */
  readonly finish: (text: string) => void;
}

export type TtyStream = NodeJS.WriteStream & { readonly fd?: number };

interface LineEvents {
  readonly onDrain: () => void;
  /** The terminal is not there any more. */
  readonly onGone: () => void;
}

/**
 * Node.js's own stream blocks the process until a terminal takes the bytes, and all hosts wait with it. So the terminal
 * is opened once more, for us alone, and never waited for. Where that is not allowed, the stream must do.
 */
export function openTtyLine(stdout: TtyStream, events: LineEvents): TtyLine {
  const fd = stdout.isTTY && stdout.fd !== undefined ? reopen(stdout.fd) : undefined;
  return fd === undefined ? streamLine(stdout, events) : unblockedLine(fd, events);
}

function reopen(fd: number): number | undefined {
  const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants;
  try {
    return openSync(`/dev/fd/${fd}`, O_WRONLY | O_NONBLOCK | O_NOCTTY);
  } catch {
    return undefined;
  }
}

function streamLine(stdout: NodeJS.WriteStream, { onDrain, onGone }: LineEvents): TtyLine {
  stdout.on("drain", onDrain);
  stdout.on("error", onGone);
  return {
    write: (text, done) => {
      stdout.write(text, done);
    },
    isBusy: () => stdout.writableNeedDrain,
    finish: (text) => {
      stdout.off("drain", onDrain);
      stdout.write(text);
      // A terminal that is gone says so only afterwards: the listener for errors stays.
    },
  };
}

/** How soon a line that was full is tried again. */
const retryMs = 10;
const finishMs = 1000;
/** Breaks off a sequence that was cut in its middle. */
const cancel = "\x18";

function unblockedLine(fd: number, { onDrain, onGone }: LineEvents): TtyLine {
  let waiting: { rest: Buffer; readonly done: () => void }[] = [];
  let timer: NodeJS.Timeout | undefined;
  let isGone = false;

  /** How many bytes the terminal took now: all, some, or none. */
  function push(bytes: Buffer): number {
    try {
      return writeSync(fd, bytes);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EAGAIN") return 0;
      isGone = true;
      onGone();
      return bytes.length;
    }
  }

  function pump() {
    timer = undefined;
    for (let first = waiting[0]; first; first = waiting[0]) {
      if (!isGone) first.rest = first.rest.subarray(push(first.rest));
      if (first.rest.length > 0 && !isGone) {
        timer = setTimeout(pump, retryMs);
        return;
      }
      waiting.shift();
      first.done();
    }
    onDrain();
  }

  return {
    write: (text, done) => {
      waiting.push({ rest: Buffer.from(text), done });
      if (timer === undefined) pump();
    },
    isBusy: () => waiting.length > 0,
    finish: (text) => {
      clearTimeout(timer);
      const dropped = waiting;
      waiting = [];
      let rest = Buffer.from(dropped.length > 0 ? cancel + text : text);
      const until = performance.now() + finishMs;
      while (rest.length > 0 && !isGone && performance.now() < until) {
        const taken = push(rest);
        if (taken === 0) sleep(retryMs);
        rest = rest.subarray(taken);
      }
      closeSync(fd);
      for (const { done } of dropped) done();
    },
  };
}

const sleep = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
