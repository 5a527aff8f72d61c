/** Names that people and other programs use, as the parser names them. */
const aliases: Readonly<Record<string, string>> = {
  escape: "esc",
  return: "enter",
  cr: "enter",
  spc: "space",
  bs: "backspace",
  del: "delete",
  ins: "insert",
  pgup: "pageup",
  "page-up": "pageup",
  pgdn: "pagedown",
  pgdown: "pagedown",
  "page-down": "pagedown",
  backtab: "shift+tab",
  btab: "shift+tab",
  plus: "+",
  minus: "-",
  comma: ",",
};

const named = new Set([
  ..."space enter esc tab backspace delete insert up down left right home end pageup pagedown".split(" "),
  ...Array.from({ length: 24 }, (_, index) => `f${index + 1}`),
]);

const modifierNames: Readonly<Record<string, string>> = {
  ctrl: "ctrl",
  control: "ctrl",
  c: "ctrl",
  alt: "alt",
  meta: "alt",
  m: "alt",
  a: "alt",
  option: "alt",
  shift: "shift",
  s: "shift",
  super: "super",
};
const modifierOrder = ["ctrl", "alt", "shift", "super"];

/** A terminal sends the same byte for both. */
const sameByte: Readonly<Record<string, string>> = {
  "ctrl+i": "tab",
  "ctrl+m": "enter",
  "ctrl+j": "enter",
  "ctrl+[": "esc",
  "ctrl+h": "backspace",
};

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** The key as the parser names it, of any usual way to write it: `Ctrl-C`, `C-c`, `^C`, `PgDn`. */
export function normaliseKey(text: string): string | undefined {
  const caret = /^\^(.)$/.exec(text)?.[1];
  const written = caret === undefined ? text : `ctrl+${caret}`;
  const held = new Set<string>();
  let rest = written;
  for (;;) {
    const [prefix, word = ""] = /^([A-Za-z]+)[+-](?=.)/.exec(rest) ?? [];
    const modifier = modifierNames[word.toLowerCase()];
    if (prefix === undefined || modifier === undefined) break;
    held.add(modifier);
    rest = rest.slice(prefix.length);
  }
  const name = toName(rest);
  if (name === undefined) return undefined;
  if (name.includes("+") && name !== "+") return held.size === 0 ? name : undefined;
  return withModifiers(name, held);
}

function toName(text: string): string | undefined {
  if (text === " ") return "space";
  const lower = text.toLowerCase();
  const known = aliases[lower] ?? lower;
  if (named.has(known) || aliases[lower] !== undefined) return known;
  const isOne = Array.from(segmenter.segment(text)).length === 1;
  return isOne && !/\p{Control}/u.test(text) ? text : undefined;
}

function withModifiers(name: string, held: ReadonlySet<string>): string {
  const modifiers = new Set(held);
  let key = name;
  if (!named.has(name)) {
    if (modifiers.has("ctrl")) key = name.toLowerCase();
    else if (modifiers.delete("shift")) key = name.toUpperCase();
  }
  const full = [...modifierOrder.filter((modifier) => modifiers.has(modifier)), key].join("+");
  return sameByte[full] ?? full;
}

/** One that a text field takes for itself. */
export const isTyped = (key: string) =>
  key === "space" || (!named.has(key) && !key.includes("+")) || key === "+";
