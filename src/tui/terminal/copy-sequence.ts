/** So much of the text makes the 100,000 bytes that terminals take at the least. */
const mostBytes = 74_994;
/** GNU screen drops what is longer in one piece. */
const screenPiece = 250;

/** Asks the terminal to put the text on the clipboard (OSC 52), through what lies between. */
export function copySequence(text: string, env: Readonly<Record<string, string | undefined>>): string {
  const bytes = Buffer.from(text);
  // A character that the cut would tear goes with the rest.
  const fitting = new TextDecoder().decode(bytes.subarray(0, mostBytes), {
    stream: bytes.length > mostBytes,
  });
  const sequence = `\x1b]52;c;${Buffer.from(fitting).toString("base64")}\x07`;
  const { TMUX, STY, TERM = "" } = env;
  // tmux takes the plain form or the wrapped one, as it is configured.
  if (TMUX || TERM.startsWith("tmux")) {
    return `${sequence}\x1bPtmux;${sequence.replaceAll("\x1b", "\x1b\x1b")}\x1b\\`;
  }
  if (STY || TERM.startsWith("screen")) {
    const pieces = sequence.match(new RegExp(`[^]{1,${screenPiece}}`, "g")) ?? [];
    return pieces.map((piece) => `\x1bP${piece}\x1b\\`).join("");
  }
  return sequence;
}
