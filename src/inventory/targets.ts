import { UsageError } from "../errors.ts";
import { isGlob, matchesGlob } from "./glob.ts";
import type { Host } from "./host.ts";
import type { Inventory } from "./inventory.ts";
import { toPrintable } from "./issues.ts";
import { didYouMean } from "./nearest.ts";

/**
 * The hosts that words of the command line mean, in the order of the inventory: a host, a group, `zone:NAME`, `all`, a
 * glob such as `vps*`, and `!WORD` for all but those. No words, or only exclusions, start from all hosts. Throws
 * `UsageError` for a word that means nothing, and where words leave nobody.
 */
export function selectHosts(inventory: Inventory, words: readonly string[]): Host[] {
  const { included, excluded } = splitWords(words);
  const wanted = new Set(
    (included.length === 0 ? ["all"] : included).flatMap((word) => expand(inventory, word)),
  );
  for (const name of excluded.flatMap((word) => expand(inventory, word))) wanted.delete(name);
  if (wanted.size === 0 && excluded.length > 0)
    throw new UsageError(`${toPrintable(words.join(" "))} leaves no host`);
  return [...inventory.hosts.values()].filter(({ name }) => wanted.has(name));
}

/** What words name, and what those that begin with `!` leave out of it. Where none names anything, all is meant. */
export const splitWords = (words: readonly string[]) => ({
  included: words.filter((word) => !word.startsWith("!")),
  excluded: words.filter((word) => word.startsWith("!")).map((word) => word.slice(1)),
});

function expand({ hosts, groups }: Inventory, word: string): readonly string[] {
  if (word === "all") return [...hosts.keys()];
  if (word.startsWith("zone:")) return expandZone(hosts, word.slice("zone:".length));
  if (isGlob(word)) return expandGlob(hosts, groups, word);
  const members = groups.get(word);
  if (hosts.has(word)) return [word, ...(members ?? [])];
  if (members !== undefined) return members;
  const hint = didYouMean(word, [...hosts.keys(), ...groups.keys(), "all"]);
  throw new UsageError(`No host or group is named ${toPrintable(word)}${hint}`);
}

function expandZone(hosts: Inventory["hosts"], zone: string): readonly string[] {
  const names = [...hosts.values()].filter((host) => host.zone === zone).map(({ name }) => name);
  if (names.length > 0) return names;
  const zones = new Set([...hosts.values()].flatMap((host) => host.zone ?? []));
  throw new UsageError(`No host is in a zone named ${toPrintable(zone)}${didYouMean(zone, zones)}`);
}

function expandGlob(hosts: Inventory["hosts"], groups: Inventory["groups"], glob: string): readonly string[] {
  const matches = (name: string) => matchesGlob(glob, name);
  const names = [
    ...[...hosts.keys()].filter(matches),
    ...[...groups].flatMap(([group, members]) => (matches(group) ? members : [])),
  ];
  if (names.length > 0) return names;
  throw new UsageError(`No host or group matches ${toPrintable(glob)}`);
}
