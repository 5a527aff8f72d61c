import { storyNames } from "./stories.ts";

const options: Readonly<Record<string, readonly string[]>> = {
  "--story": storyNames,
  "--hosts": [],
  "--at": [],
};

/**
 * What may stand for the last of the words that were typed after `demo`: `own` are the demo's, and with `rest`, where there
 * is one, so is what may stand after the others.
 */
export function completeDemo(words: readonly string[]): {
  readonly own: readonly string[];
  readonly rest?: readonly string[];
} {
  const current = words.at(-1) ?? "";
  const rest: string[] = [];
  let open: string | undefined;
  let isOver = false;
  for (const word of words.slice(0, -1)) {
    if (open !== undefined) open = undefined;
    else if (!isOver && Object.hasOwn(options, word)) open = word;
    else if (isOver || !/^--(story|hosts|at)=/.test(word)) {
      rest.push(word);
      isOver ||= !word.startsWith("-");
    }
  }
  const fits = (offers: readonly string[]) => offers.filter((offer) => offer.startsWith(current));
  if (open !== undefined) return { own: fits(options[open] ?? []) };
  if (isOver) return { own: [], rest: [...rest, current] };
  if (current.startsWith("--story=")) return { own: fits(storyNames.map((name) => `--story=${name}`)) };
  return { own: current.startsWith("-") ? fits(Object.keys(options)) : [], rest: [...rest, current] };
}
