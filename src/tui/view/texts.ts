/** One line of a log or another long text. */
export interface TextLine {
  readonly text: string;
  /** Whose it is where several are shown together. */
  readonly source?: string;
  readonly isError?: boolean;
}

export type TextStatus =
  | { readonly is: "loading" | "following" | "ended" }
  | { readonly is: "failed"; readonly why: string };

/** The lines of one text. The oldest go when there are too many. */
export interface TextBuffer {
  readonly lines: () => readonly TextLine[];
  /** How many went. */
  readonly gone: () => number;
  readonly status: () => TextStatus;
  readonly append: (line: TextLine) => void;
  readonly setStatus: (status: TextStatus) => void;
  readonly clear: () => void;
}

const mostLines = 10_000;

export function createTextBuffer(changed: () => void): TextBuffer {
  let lines: TextLine[] = [];
  let gone = 0;
  let status: TextStatus = { is: "loading" };
  return {
    lines: () => lines,
    gone: () => gone,
    status: () => status,
    append: (line) => {
      lines.push(line);
      // In one go now and then: taking one from the front each time would move them all.
      if (lines.length > mostLines * 1.1) {
        gone += lines.length - mostLines;
        lines = lines.slice(-mostLines);
      }
      changed();
    },
    setStatus: (next) => {
      status = next;
      changed();
    },
    clear: () => {
      lines = [];
      gone = 0;
      changed();
    },
  };
}
