import type { Input } from "./key-parser.ts";

const letters: Readonly<Record<string, string>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  F: "end",
  H: "home",
  P: "f1",
  Q: "f2",
  R: "f3",
  S: "f4",
};

const numbers: Readonly<Record<number, string>> = {
  1: "home",
  2: "insert",
  3: "delete",
  4: "end",
  5: "pageup",
  6: "pagedown",
  7: "home",
  8: "end",
  ...Object.fromEntries([11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24].map((n, i) => [n, `f${i + 1}`])),
};

/** What the kitty protocol calls keys that are no characters. */
const codes: Readonly<Record<number, string>> = {
  9: "tab",
  13: "enter",
  27: "esc",
  32: "space",
  127: "backspace",
  57414: "enter",
  57417: "left",
  57418: "right",
  57419: "up",
  57420: "down",
  57421: "pageup",
  57422: "pagedown",
  57423: "home",
  57424: "end",
  57425: "insert",
  57426: "delete",
};
const firstPrivateCode = 0xe000;

/** The number pad where it sends sequences of its own. */
const pad: Readonly<Record<string, string>> = {
  M: "enter",
  X: "=",
  ...Object.fromEntries([..."jklmno"].map((letter, i) => [letter, "*+,-./"[i] ?? ""])),
  ...Object.fromEntries([..."pqrstuvwxy"].map((letter, i) => [letter, `${i}`])),
};

/** What a complete `ESC [ …` says, here without its ESC. All that is no key is a reply, so that nothing of it is ever typed. */
export function readCsi(body: string): Input | undefined {
  const reply: Input = { type: "reply", text: `\x1b${body}` };
  const linux = /^\[\[([A-E])$/.exec(body)?.[1];
  if (linux !== undefined) return key(`f${linux.charCodeAt(0) - 64}`);
  const [, parameters = "", final = ""] = /^\[([\d;:]*)([A-Za-z~^])$/.exec(body) ?? [];
  const mouse = /^\[<(\d+);(\d+);(\d+)([Mm])$/.exec(body);
  if (mouse) return readMouse(mouse);
  if (final === "") return reply;
  const [first = "", second = "", third = ""] = parameters.split(";");
  const modifiers = Number.parseInt(second, 10) || 1;
  if (final === "u") return isRelease(second) ? undefined : character(first, modifiers);
  if (final === "~" && first === "27") return character(third, modifiers);
  if (final === "~" || final === "^") {
    const name = numbers[Number(first)];
    return name === undefined ? reply : key(modified(name, final === "^" ? 5 : modifiers));
  }
  if (final === "Z") return key("shift+tab");
  const name = letters[final];
  // A cursor position looks like f3, save that its row is seldom the first.
  if (name === undefined || (first !== "" && first !== "1")) return reply;
  return isRelease(second) ? undefined : key(modified(name, modifiers));
}

/** What `ESC O` and one more means. */
export function readSs3(body: string): Input | undefined {
  const [, modifiers = "", letter = ""] = /^O(?:1;)?(\d*)(.)$/.exec(body) ?? [];
  const name = letters[letter] ?? pad[letter];
  return name === undefined ? undefined : key(modified(name, Number(modifiers) || 1));
}

const key = (name: string): Input => ({ type: "key", key: name });

const isRelease = (modifiers: string) => modifiers.endsWith(":3");

function character(parameter: string, modifiers: number): Input | undefined {
  const [code = 0, shifted] = parameter.split(":").map(Number);
  const named = codes[code];
  if (named !== undefined) return key(modified(named, modifiers));
  if (code >= 57399 && code <= 57408) return key(`${code - 57399}`);
  const isPrivate = code >= firstPrivateCode && code < firstPrivateCode + 0x1900;
  if (!(code > 32 && code <= 0x10ffff) || isPrivate) return undefined;
  const text = String.fromCodePoint(code);
  if (modifiers !== 2) return key(modified(text, modifiers));
  return key(shifted ? String.fromCodePoint(shifted) : text.toUpperCase());
}

/** xterm's way: one more than a sum of bits. Higher bits are locks. */
function modified(name: string, modifiers: number): string {
  const bits = modifiers - 1;
  const held = ["ctrl", "alt", "shift", "super"].filter((_, i) => bits & ([4, 2, 1, 8][i] ?? 0));
  return [...held, name].join("+");
}

function readMouse([, button = "", x = "", y = "", final = ""]: RegExpExecArray): Input {
  const modifierBits = 4 | 8 | 16;
  return {
    type: "mouse",
    button: Number(button) & ~modifierBits,
    x: Number(x) - 1,
    y: Number(y) - 1,
    down: final === "M",
  };
}
