import { InvalidArgumentError } from "commander";

/** Throws what commander makes a message of, with the option in it. */
export function toSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= 86_400)) throw new InvalidArgumentError("Expected seconds, such as 5.");
  return seconds;
}

export function toCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 0) throw new InvalidArgumentError("Expected a whole number.");
  return count;
}

/** An option that may be given again, or hold several words with commas. */
export const toWords = (word: string, before: readonly string[] = []) => [...before, ...word.split(",")];
