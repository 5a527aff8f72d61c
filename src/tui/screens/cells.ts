import type { Progress } from "../../backends/contract.ts";
import type { Known } from "../../model/resources.ts";
import { sayProgress } from "../../words.ts";
import { type Line, line, type Shown, sign, span, tokenOf } from "../line.ts";
import type { Lab } from "../view/lab.ts";
import { ageCell } from "./freshness.ts";
import { inShort } from "./in-short.ts";
import type { Row } from "./list.ts";

/** The sign of a state, and the reason in words; what is well says little. */
export function stateCell(state: Shown, words: string): Line {
  return line(sign(state), " ", state === "ok" ? span(words) : span(words, tokenOf(state)));
}

export const nameOf = ({ user, name }: Pick<Known, "user" | "name">): string =>
  user === undefined ? name : `${user}/${name}`;

/** Why it is not well, where its name stands already: `sdb: 8 sectors cannot be read` says it twice. */
export const sayReason = ({ name, findings }: Known): string | undefined =>
  findings.length === 0
    ? undefined
    : findings
        .map(({ message }) => (message.startsWith(`${name}: `) ? message.slice(name.length + 2) : message))
        .join("; ");

export const toRow = (resource: Known): Omit<Row, "item"> => ({
  key: resource.id,
  ref: { kind: resource.kind, id: resource.id },
  kind: resource.kind,
  host: resource.host,
  name: nameOf(resource),
  health: resource.health,
  seen: resource,
  ...(resource.reason === undefined ? {} : { reason: resource.reason }),
});

export const progressCell = (progress: Progress | undefined): string =>
  progress ? sayProgress(progress) : "";

export const ratioOf = (part: number | undefined, whole: number | undefined): number | undefined =>
  part === undefined || !whole ? undefined : part / whole;

/** `3/4`; coloured when some are missing, nothing where there are none. */
export function countCell(good: number, all: number): Line {
  if (all === 0) return [];
  return line(span(`${good}/${all}`, good < all ? "warning" : undefined));
}

/** Sign and reason, what is not well first. `words` is what is said of one that is well. */
export const stateColumn = <Item extends Known>(words: (item: Item) => string) =>
  ({
    title: "STATE",
    cell: (item: Item) => stateCell(item.health, inShort(sayReason(item) ?? words(item))),
    by: ({ health }: Item) => (health === "ok" ? 1 : 0),
    flexible: true,
    rank: 0,
  }) as const;

export const seenColumn = {
  title: "SEEN",
  cell: (item: Known, lab: Lab) => ageCell(item, lab),
  rank: 1,
} as const;
