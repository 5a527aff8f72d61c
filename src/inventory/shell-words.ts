/** The words of a line as a POSIX shell splits it; nothing is ever expanded. Undefined where a quotation mark is not closed. */
export function splitWords(line: string, { comments = false } = {}): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let i = 0; i < line.length; i++) {
    const character = line.charAt(i);
    if (quote !== "") {
      if (character === quote) quote = "";
      else if (character === "\\" && quote === '"' && /["\\]/.test(line.charAt(i + 1)))
        word += line.charAt(++i);
      else word += character;
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (comments && character === "#") {
      break;
    } else {
      word ??= "";
      if (character === '"' || character === "'") quote = character;
      else if (character === "\\") word += line.charAt(++i);
      else word += character;
    }
  }
  if (quote !== "") return undefined;
  return word === undefined ? words : [...words, word];
}
