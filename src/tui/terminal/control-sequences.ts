export const alternateScreen = { enter: "\x1b[?1049h", leave: "\x1b[?1049l" } as const;
export const synchronized = { begin: "\x1b[?2026h", end: "\x1b[?2026l", ask: "\x1b[?2026$p" } as const;
export const bracketedPaste = { on: "\x1b[?2004h", off: "\x1b[?2004l" } as const;
/** Buttons and wheel, in the form that has no limit of 223 columns. */
export const mouse = { on: "\x1b[?1000h\x1b[?1006h", off: "\x1b[?1006l\x1b[?1000l" } as const;
export const showCursor = "\x1b[?25h";
export const hideCursor = "\x1b[?25l";
export const plainText = "\x1b[0m";
/** To the top left, and nothing there. */
export const clearScreen = "\x1b[H\x1b[J";

/** The terminal says that it knows synchronized updates, whether on or off just now. */
export const confirmsSynchronized = (reply: string) =>
  reply === "\x1b[?2026;1$y" || reply === "\x1b[?2026;2$y";

const nextLine = "\x1b[E";
const manyLines = new RegExp(`(?:${nextLine.replace("[", "\\[")}){2,}`, "g");

/** Steps over many lines as one: Ink takes them one by one, which is most of a frame in which little changes. */
export const joinSteps = (text: string) =>
  text.replaceAll(manyLines, (steps) => `\x1b[${steps.length / nextLine.length}E`);
