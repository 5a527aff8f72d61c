import type { Health, Progress } from "../../backends/resource.ts";
import type { KnownHost } from "../../model/homelab.ts";
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

/** A host of which only something is not known is not known to be degraded. */
export const shownState = ({ state, problems }: KnownHost): Shown =>
  state === "degraded" && problems.every(({ severity }) => severity === "unknown") ? "unknown" : state;

/** The same, of one that may not be in the inventory. */
export function stateOf(name: string, lab: Lab): Shown {
  const host = lab.host(name);
  return host ? shownState(host) : "unasked";
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

/** `3/4`; coloured when some are missing, nothing where there are none. `?/4`, `2?/4`: there may be more of them. */
export function countCell(good: number, all: number, unknown = 0): Line {
  if (all === 0) return [];
  if (unknown === 0) return line(span(`${good}/${all}`, good < all ? "warning" : undefined));
  const isMissing = good + unknown < all;
  return line(span(`${unknown === all ? "" : good}?/${all}`, isMissing ? "warning" : "unknown"));
}

/** So many of them are well. */
export const countWell = (
  all: readonly { readonly health: Health }[],
  well: readonly Health[] = ["ok"],
): Line =>
  countCell(
    all.filter(({ health }) => well.includes(health)).length,
    all.length,
    all.filter(({ health }) => health === "unknown").length,
  );

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
