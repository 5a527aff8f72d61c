import { readCsi, readSs3 } from "./escape-sequences.ts";
import type { Input } from "./key-parser.ts";
import { readControl, splitGraphemes } from "./typed-text.ts";

/** What the beginning of the text is. */
export interface Taken {
  /** 0 when more must come to know. */
  readonly length: number;
  readonly input?: Input | undefined;
  /** It grew too long: what will end it. */
  readonly overlong?: RegExp;
}

/** Replies are short. What is longer is swallowed up to its end. */
const sequenceCap = 4096;
const more: Taken = { length: 0 };

/** Takes the first sequence of a text that begins with ESC and has at least one character more. */
export function takeSequence(text: string): Taken {
  switch (text[1]) {
    case "[":
      // The old form of mouse reports has three raw bytes. We never ask for it; it must not be typed.
      if (text[2] === "M") return { length: text.length < 6 ? 0 : 6 };
      return takeControl(text, /^\[\[?[0-?]*[ -/]*/, /^\[(?:\[[A-E]|[0-?]*[ -/]*[@-Z\\-~])/, readCsi);
    case "O":
      return takeControl(text, /^O[\d;]{0,8}/, /^O[\d;]{0,8}[A-Za-z]/, readSs3);
    case "]":
      return takeString(text, /^\](?:$|\d)/);
    case "P":
      return takeString(text, /^P(?:$|[\d;>!|$+])/);
    case "_":
      return takeString(text, /^_(?:$|G)/);
    case "\x1b":
      return { length: 1, input: { type: "key", key: "esc" } };
    default:
      return takeAlt(text);
  }
}

function takeAlt(text: string): Taken {
  const [grapheme = ""] = splitGraphemes(text.slice(1, 33));
  const key = readControl(grapheme);
  const length = 1 + grapheme.length;
  if (key === undefined) return { length };
  return {
    length,
    input: { type: "key", key: key.startsWith("ctrl+") ? `ctrl+alt+${key.slice(5)}` : `alt+${key}` },
  };
}

function takeControl(
  text: string,
  begun: RegExp,
  complete: RegExp,
  read: (body: string) => Input | undefined,
): Taken {
  const rest = text.slice(1);
  const body = complete.exec(rest)?.[0];
  if (body !== undefined) return { length: 1 + body.length, input: read(body) };
  const { length } = begun.exec(rest)?.[0] ?? "";
  // A character that cannot stand there ends it; what there was of it is noise.
  if (length < rest.length) return { length: 1 + length };
  return length > sequenceCap ? { length: text.length, overlong: /[^ -?]/ } : more;
}

/** OSC, DCS and APC reach up to BEL or ST. Any other control character breaks them off. */
function takeString(text: string, begun: RegExp): Taken {
  if (!begun.test(text.slice(1))) return takeAlt(text);
  const index = text.slice(2).search(/\p{Control}/u) + 2;
  if (index < 2) return text.length > sequenceCap ? { length: text.length, overlong: /\p{Control}/u } : more;
  const end = endLength(text, index);
  if (end === undefined) return more;
  const length = index + end;
  return end > 0 ? { length, input: { type: "reply", text: text.slice(0, length) } } : { length };
}

/** How much of what stands there belongs to the sequence that it ends: undefined when more must come to know. */
export function endLength(text: string, index: number): number | undefined {
  const [first = "", second] = text.slice(index, index + 2);
  if (first === "\x1b") return second === undefined ? undefined : second === "\\" ? 2 : 0;
  return first === "\x07" || first > " " ? 1 : 0;
}
