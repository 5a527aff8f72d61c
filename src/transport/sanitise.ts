// CSI, then the strings (OSC, DCS, SOS, PM, APC) up to their end or, where there is none, to the end of the line.
const escapeSequence =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what we are after
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\n\x07\x9c\x1b]*(?:\x07|\x9c|\x1b\\)?|\x1b[ -/]*[0-~]?/g;

// All of C0 but \n and \t, DEL, C1, and what changes the direction of text.
const forbidden =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what we are after
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

// The same, as JSON may write it. `\\\\` is matched so that the backslash of an escaped backslash is not taken for one.
const escapedInJson =
  /\\(?:\\|[bfr]|u(?:00(?:0[0-8b-f]|1[0-9a-f]|7f|[89][0-9a-f])|061c|200[ef]|202[a-e]|206[6-9]))/gi;

/**
 * Takes out of a text whatever could drive a terminal. Text goes through it once, where it enters.
 *
 * Works on whole lines: a sequence never reaches past the end of its line. JSON is freed of the escapes that its reader
 * would turn into control characters, too.
 */
export function sanitise(text: string): string {
  const plain = text.search(forbidden) < 0 ? text : text.replace(escapeSequence, "").replace(forbidden, "");
  return /^\s*[[{"]/.test(plain) && plain.includes("\\")
    ? plain.replace(escapedInJson, (found) => (found === "\\\\" ? found : ""))
    : plain;
}

/** Text of a host on one line, for a message. */
export function sanitiseLine(text: string, maxLength = 300): string {
  const line = sanitise(text).replace(/\s+/g, " ").trim();
  return line.length > maxLength ? `${line.slice(0, maxLength)}…` : line;
}
