import { StringDecoder } from "node:string_decoder";
import { createPaste, pasteBegins, pasteEnds } from "./paste.ts";
import { endLength, takeSequence } from "./take-sequence.ts";
import { readControl, splitGraphemes } from "./typed-text.ts";

/** What comes from the terminal. `x` and `y` count from 0; a reply is the whole sequence. */
export type Input =
  | { readonly type: "key"; readonly key: string }
  | { readonly type: "paste"; readonly text: string }
  | {
      readonly type: "mouse";
      readonly x: number;
      readonly y: number;
      readonly button: number;
      readonly down: boolean;
    }
  | { readonly type: "reply"; readonly text: string };

export interface KeyParser {
  readonly feed: (text: string | Buffer) => void;
  /** Nothing more will come: what is begun is told as far as it is known. */
  readonly end: () => void;
}

/** A lone ESC is the key after that time. */
const escapeMs = 50;
/** What can only be the rest of a sequence whose ESC came alone and was taken for the key. */
const tornRest = /^(?:\[[\d<?;A-Z]|O[A-Z])/;
/** A bad line may tear a sequence that far apart. */
const sequenceMs = 500;

export function createKeyParser(emit: (input: Input) => void): KeyParser {
  const decoder = new StringDecoder("utf8");
  let pending = "";
  // Inside a sequence that grew too long: what would end it.
  let swallowed: RegExp | undefined;
  let timer: NodeJS.Timeout | undefined;
  let escapeTakenAt = Number.NEGATIVE_INFINITY;
  // Told only when the text is consumed: a listener may end or suspend all this.
  let ready: Input[] = [];
  const paste = createPaste((text) => ready.push({ type: "paste", text }));

  const addKey = (key: string) => ready.push({ type: "key", key });

  function tell() {
    const inputs = ready;
    ready = [];
    for (const input of inputs) emit(input);
  }

  function feed(chunk: string | Buffer) {
    clearTimeout(timer);
    const text = typeof chunk === "string" ? chunk : decoder.write(chunk);
    const isTorn = pending === "" && performance.now() - escapeTakenAt < sequenceMs && tornRest.test(text);
    escapeTakenAt = Number.NEGATIVE_INFINITY;
    pending += isTorn ? `\x1b${text}` : text;
    drain();
    if (paste.isOpen()) timer = setTimeout(end, paste.silenceMs);
    else if (pending !== "") timer = setTimeout(flush, pending === "\x1b" ? escapeMs : sequenceMs);
    else if (swallowed) timer = setTimeout(flush, sequenceMs);
    tell();
  }

  function drain() {
    while (pending !== "") {
      const length = paste.isOpen() ? paste.take(pending) : step();
      if (length === 0) return;
      pending = pending.slice(length);
    }
  }

  /** Deals with the first thing of what is pending. Returns its length, 0 when more must come. */
  function step(): number {
    if (swallowed) return swallow(swallowed);
    if (pending[0] !== "\x1b") return readText();
    if (pending.length === 1) return 0;
    if (pending.startsWith(pasteBegins)) {
      paste.open();
      return pasteBegins.length;
    }
    if (pending.startsWith(pasteEnds)) return pasteEnds.length;
    const { length, input, overlong } = takeSequence(pending);
    if (input) ready.push(input);
    swallowed = overlong;
    return length;
  }

  function readText(): number {
    const next = pending.indexOf("\x1b");
    const text = next < 0 ? pending : pending.slice(0, next);
    for (const grapheme of splitGraphemes(text)) {
      const key = readControl(grapheme);
      if (key !== undefined) addKey(key);
    }
    return text.length;
  }

  function swallow(end: RegExp): number {
    const index = pending.search(end);
    if (index < 0) return pending.length;
    const length = endLength(pending, index);
    if (length === undefined) return index;
    swallowed = undefined;
    return index + length;
  }

  /** Nothing more came in time. */
  function flush() {
    swallowed = undefined;
    const rest = pending;
    pending = "";
    if (rest === "\x1b") {
      escapeTakenAt = performance.now();
      addKey("esc");
    } else if (rest.length === 2) addKey(`alt+${rest[1]}`);
    tell();
  }

  function end() {
    clearTimeout(timer);
    if (paste.isOpen()) {
      paste.close(pending);
      pending = "";
    }
    flush();
  }

  return { feed, end };
}
