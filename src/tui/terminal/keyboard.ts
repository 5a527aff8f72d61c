import { bracketedPaste, mouse } from "./control-sequences.ts";
import { createKeyParser, type Input } from "./key-parser.ts";

/** Listens to who sits at the terminal, or leaves the keys to somebody else. */
export interface Keyboard {
  /** Returns what must be said to the terminal then. */
  readonly open: () => string;
  readonly close: () => string;
  readonly setMouse: (on: boolean) => void;
}

interface KeyboardOptions {
  readonly stdin: NodeJS.ReadStream;
  readonly say: (text: string) => void;
  readonly emit: (input: Input) => void;
}

export function createKeyboard({ stdin, say, emit }: KeyboardOptions): Keyboard {
  const parser = createKeyParser(emit);
  let isOpen = false;
  let hasMouse = false;
  return {
    open: () => {
      isOpen = true;
      stdin.setRawMode?.(true);
      stdin.on("data", parser.feed);
      stdin.resume();
      return bracketedPaste.on + (hasMouse ? mouse.on : "");
    },
    close: () => {
      isOpen = false;
      stdin.off("data", parser.feed);
      parser.end();
      stdin.setRawMode?.(false);
      stdin.pause();
      return bracketedPaste.off + (hasMouse ? mouse.off : "");
    },
    setMouse: (on) => {
      if (on === hasMouse) return;
      hasMouse = on;
      if (isOpen) say(on ? mouse.on : mouse.off);
    },
  };
}
