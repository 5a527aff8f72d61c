import type { SimulatedHost } from "../state.ts";
import type { Moment } from "../state-time.ts";

/** Something that changes the state of a host. */
export interface Happening {
  /** Seconds after the story began. */
  readonly after: number;
  readonly act: (host: (name: string) => SimulatedHost, at: Moment) => void;
}

export interface Story {
  readonly happenings: readonly Happening[];
  /** It begins anew so many seconds after it began; else it is over in the end. */
  readonly againAfter?: number;
}

/** The same, later. */
export const later = (seconds: number, { happenings }: Story): readonly Happening[] =>
  happenings.map(({ after, act }) => ({ after: after + seconds, act }));

export function log(host: SimulatedHost, at: Moment, of: string, ...texts: readonly string[]): void {
  for (const [index, text] of texts.entries()) host.journal.push({ at: at + index, of, text });
}

/** Changes the one of that name. Throws when there is none: then the story is wrong. */
export function change<Item extends { readonly name: string }>(
  items: readonly Item[],
  name: string,
  to: Partial<Item>,
): Item {
  const item = items.find((each) => each.name === name);
  if (!item) throw new Error(`The story needs ${name}.`);
  return Object.assign(item, to);
}
