const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** What a person takes for one character each. */
export function splitGraphemes(text: string): readonly string[] {
  if (text.length === 1) return [text];
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

const controls: Readonly<Record<string, string>> = {
  "\r": "enter",
  "\n": "enter",
  "\r\n": "enter",
  "\t": "tab",
  "\b": "backspace",
  "\x7f": "backspace",
  "\x1b": "esc",
  "\0": "ctrl+space",
  " ": "space",
};

/** The key that sends this character. None for what no key sends. */
export function readControl(grapheme: string): string | undefined {
  const named = controls[grapheme];
  if (named !== undefined) return named;
  const code = grapheme.charCodeAt(0);
  if (code < 0x20) return `ctrl+${String.fromCharCode(code + 0x40).toLowerCase()}`;
  return code >= 0x80 && code < 0xa0 ? undefined : grapheme;
}
