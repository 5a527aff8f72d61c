/** A word of a shell line. Only where a `*` stood outside of quotes, it is a pattern. */
export interface Word {
  readonly text: string;
  readonly isPattern: boolean;
}

/** A simple command, and where its outputs go. */
export interface Statement {
  readonly words: readonly Word[];
  readonly stdoutTo: "stdout" | "stderr" | "nothing";
  readonly stderrTo: "stderr" | "nothing";
  /** What it says is what the next one reads. */
  readonly isPiped: boolean;
}

/** Undefined as long as a quote is open: then the line goes on. */
export function parseLine(line: string): readonly Statement[] | undefined {
  const statements: Statement[] = [];
  let words: Word[] = [];
  let [stdoutTo, stderrTo]: [Statement["stdoutTo"], Statement["stderrTo"]] = ["stdout", "stderr"];
  const close = (isPiped = false) => {
    if (words.length > 0) statements.push({ words, stdoutTo, stderrTo, isPiped });
    [words, stdoutTo, stderrTo] = [[], "stdout", "stderr"];
  };
  for (let at = 0; at < line.length; ) {
    const rest = line.slice(at);
    const gap = /^(?:[ \t]+|#.*)/.exec(rest);
    const redirection = /^(?:<\s*\/dev\/null|2>\s*\/dev\/null|>\s*\/dev\/null|>&2|2>&1)/.exec(rest);
    if (gap) {
      at += gap[0].length;
    } else if (/^[;\n]/.test(rest)) {
      close();
      at++;
    } else if (rest.startsWith("|")) {
      close(true);
      at++;
    } else if (words.length === 0 && /^[{}](?=[\s;]|$)/.test(rest)) {
      // A group says and reads what is in it.
      at++;
    } else if (redirection) {
      if (redirection[0].startsWith("2>/")) stderrTo = "nothing";
      if (redirection[0].startsWith(">/")) stdoutTo = "nothing";
      if (redirection[0] === ">&2") stdoutTo = "stderr";
      at += redirection[0].length;
    } else {
      const found = readWord(rest);
      if (!found) return undefined;
      words.push(found.word);
      at += found.length;
    }
  }
  close();
  return statements;
}

function readWord(text: string): { readonly word: Word; readonly length: number } | undefined {
  let word = "";
  let isPattern = false;
  let at = 0;
  while (at < text.length && !/[\s;<>|]/.test(text[at] ?? "")) {
    const character = text[at];
    if (character === "'" || character === '"') {
      const end = text.indexOf(character, at + 1);
      if (end < 0) return undefined;
      word += text.slice(at + 1, end);
      at = end + 1;
    } else {
      if (character === "\\") at++;
      if (character === "*") isPattern = true;
      word += text[at] ?? "";
      at++;
    }
  }
  // A redirection that is not understood becomes a word, and so an error.
  return at === 0
    ? { word: { text: text[0] ?? "", isPattern: false }, length: 1 }
    : { word: { text: word, isPattern }, length: at };
}
