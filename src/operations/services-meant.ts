import { UsageError } from "../errors.ts";
import type { Inventory } from "../inventory/inventory.ts";
import { didYouMean } from "../inventory/nearest.ts";
import type { Service } from "../inventory/service.ts";
import { selectHosts, splitWords } from "../inventory/targets.ts";
import { candidatesOf } from "../model/whereabouts.ts";

/**
 * The services that words mean: services by their names; a host, group or zone, for those at home there that keep data;
 * `!WORD` for all but those. Throws `UsageError`.
 */
export const servicesMeant = (words: readonly string[], inventory: Inventory): readonly Service[] =>
  words.length === 0 ? [] : servicesAsked(words, inventory, ({ data }) => data.length > 0);

/** The same; where nobody is named, all that it is about. */
export function servicesAsked(
  words: readonly string[],
  inventory: Inventory,
  isAbout: (service: Service) => boolean,
): readonly Service[] {
  const { included, excluded } = splitWords(words);
  const out = excluded.flatMap((word) => servicesOf(word, inventory));
  const named = included.flatMap((word) => servicesOf(word, inventory));
  const meant = included.length > 0 ? named : [...inventory.services.values()].filter(isAbout);
  const left = [...new Set(meant)].filter((service) => !out.includes(service));
  if (left.length === 0 && meant.length > 0) throw new UsageError(`${words.join(" ")} leaves no service`);
  return left;
}

function servicesOf(word: string, inventory: Inventory): readonly Service[] {
  const service = inventory.services.get(word);
  return service ? [service] : servicesOn(word, inventory);
}

function servicesOn(word: string, inventory: Inventory): readonly Service[] {
  const { services, hosts, groups } = inventory;
  const isHostWord = hosts.has(word) || groups.has(word) || word === "all" || word.startsWith("zone:");
  if (!isHostWord)
    throw new UsageError(
      `No service, host or group is named ${word}${didYouMean(word, [...services.keys(), ...groups.keys(), ...hosts.keys()])}`,
    );
  const names = selectHosts(inventory, [word]).map(({ name }) => name);
  const found = [...services.values()].filter(({ home, data }) => names.includes(home) && data.length > 0);
  if (found.length === 0) throw new UsageError(`No service at home on ${word} declares data.`);
  return found;
}

/** All hosts that have to do with it, wherever it runs. */
export const hostsAround = (service: Service, { hosts }: Inventory): readonly string[] =>
  [...candidatesOf(service), ...[...service.data, ...service.health].flatMap(({ on }) => on ?? [])].filter(
    (host) => hosts.has(host),
  );
