import { toCharacters } from "./characters.ts";

const alike: Readonly<Record<string, string>> = {
  "…": "~",
  "–": "-",
  "—": "-",
  "‘": "'",
  "’": "'",
  "“": '"',
  "”": '"',
  "×": "x",
  "·": "-",
  "›": ">",
  "→": ">",
  "°": " ",
  "\u{a0}": " ",
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours stay
const isAscii = /^[\x00-\x7e]*$/;

/**
 * As wide as before. A terminal that does not read UTF-8 takes each byte for a character, and some of them for
 * commands: nothing but ASCII may get there, whoever wrote it.
 */
export function toAscii(text: string): string {
  if (isAscii.test(text)) return text;
  let ascii = "";
  for (const character of toCharacters(text))
    ascii += isAscii.test(character.text)
      ? character.text
      : (alike[character.text] ?? "?".repeat(character.columns));
  return ascii;
}
