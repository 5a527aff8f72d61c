import { StringDecoder } from "node:string_decoder";
import { readCsi, readSs3 } from "./escape-sequences.ts";
import { createPaste } from "./paste.ts";
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
/** Replies are short. What is longer is swallowed up to its end. */
const sequenceCap = 4096;

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
    switch (pending[1]) {
      case "[":
        return readControlSequence();
      case "O":
        return readSequence(/^O[\d;]{0,8}/, /^O[\d;]{0,8}[A-Za-z]/, readSs3);
      case "]":
        return readString(/^\](?:$|\d)/);
      case "P":
        return readString(/^P(?:$|[\d;>!|$+])/);
      case "_":
        return readString(/^_(?:$|G)/);
      case "\x1b":
        addKey("esc");
        return 1;
      default:
        return readAlt();
    }
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

  function readAlt(): number {
    const [grapheme = ""] = splitGraphemes(pending.slice(1, 33));
    const key = readControl(grapheme);
    if (key !== undefined) addKey(key.startsWith("ctrl+") ? `ctrl+alt+${key.slice(5)}` : `alt+${key}`);
    return 1 + grapheme.length;
  }

  function readControlSequence(): number {
    // The old form of mouse reports has three raw bytes. We never ask for it; it must not be typed.
    if (pending.startsWith("\x1b[M")) return pending.length < 6 ? 0 : 6;
    if (pending.startsWith("\x1b[200~")) {
      paste.open();
      return 6;
    }
    if (pending.startsWith("\x1b[201~")) return 6;
    return readSequence(/^\[\[?[0-?]*[ -/]*/, /^\[(?:\[[A-E]|[0-?]*[ -/]*[@-Z\\-~])/, readCsi);
  }

  function readSequence(begun: RegExp, complete: RegExp, read: (body: string) => Input | undefined): number {
    const rest = pending.slice(1);
    const body = complete.exec(rest)?.[0];
    if (body !== undefined) {
      const input = read(body);
      if (input) ready.push(input);
      return 1 + body.length;
    }
    const { length } = begun.exec(rest)?.[0] ?? "";
    // A character that cannot stand there ends it; what there was of it is noise.
    if (length < rest.length) return 1 + length;
    return length > sequenceCap ? startSwallowing(/[^ -?]/) : 0;
  }

  /** OSC, DCS and APC reach up to BEL or ST. Any other control character breaks them off. */
  function readString(begun: RegExp): number {
    if (!begun.test(pending.slice(1))) return readAlt();
    const index = pending.slice(2).search(/\p{Control}/u) + 2;
    if (index < 2) return pending.length > sequenceCap ? startSwallowing(/\p{Control}/u) : 0;
    const end = endLength(index);
    if (end === undefined) return 0;
    if (end > 0) ready.push({ type: "reply", text: pending.slice(0, index + end) });
    return index + end;
  }

  function startSwallowing(end: RegExp): number {
    swallowed = end;
    return pending.length;
  }

  function swallow(end: RegExp): number {
    const index = pending.search(end);
    if (index < 0) return pending.length;
    const length = endLength(index);
    if (length === undefined) return index;
    swallowed = undefined;
    return index + length;
  }

  /** How much of what stands there belongs to the sequence that it ends: undefined when more must come to know. */
  function endLength(index: number): number | undefined {
    const [first = "", second] = pending.slice(index, index + 2);
    if (first === "\x1b") return second === undefined ? undefined : second === "\\" ? 2 : 0;
    return first === "\x07" || first > " " ? 1 : 0;
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
