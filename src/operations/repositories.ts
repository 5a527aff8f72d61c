import type { Backend } from "../backends/contract.ts";
import { Refused, UsageError } from "../errors.ts";
import type { Inventory, Repository } from "../inventory/inventory.ts";
import { didYouMean } from "../inventory/nearest.ts";
import type { Service } from "../inventory/service.ts";
import { candidatesOf } from "../model/whereabouts.ts";
import type { Store } from "./store.ts";
import { addressedStore } from "./store-addressed.ts";
import { coldStore } from "./store-cold.ts";
import { receivedStore } from "./store-received.ts";

interface Surroundings {
  readonly inventory: Inventory;
  readonly backends: readonly Backend[];
}

/** Those that a service declares, or the one that was named. Throws `UsageError` for a name that is none. */
export function storesOf(service: Service, around: Surroundings, to?: string): readonly Store[] {
  const names = to === undefined ? [...new Set(service.backups.map(({ to }) => to))] : [to];
  if (names.length === 0)
    throw new Refused(`${service.name} declares no backups.`, {
      hint: `The inventory has a place for them: services › ${service.name} › backups; or say --to REPOSITORY.`,
    });
  return names.map((name) => storeOf(name, around));
}

/** Throws `UsageError` for a name that is none, and `Refused` for a repository of which no backend knows the tool. */
export function storeOf(name: string, around: Surroundings): Store {
  const { repositories } = around.inventory;
  const repository = repositories.get(name);
  if (!repository)
    throw new UsageError(`No repository is named ${name}${didYouMean(name, [...repositories.keys()])}`);
  const store = toStore(repository, around);
  if (store) return store;
  throw new Refused(`Backups to a ${repository.tool} repository such as ${name} are not made yet.`, {
    hint: "To restic, borg, btrfs, zfs and a disk in a drawer they are.",
  });
}

function toStore(repository: Repository, around: Surroundings): Store | undefined {
  const { backends } = around;
  if (repository.tool === "btrfs" || repository.tool === "zfs") {
    const verbs = backends.find(({ send }) => send?.tool === repository.tool)?.send;
    return verbs && receivedStore(repository, verbs, around);
  }
  if (repository.tool === "cold") {
    const restic = backends.find(({ backup }) => backup?.tool === "restic")?.backup;
    return restic && coldStore(repository, restic);
  }
  const verbs = backends.find(({ backup }) => backup?.tool === repository.tool)?.backup;
  return verbs && "address" in repository ? addressedStore(repository, verbs) : undefined;
}

/** The services that put backups there. */
export const usersOf = (name: string, { services }: Inventory): readonly Service[] =>
  [...services.values()].filter(({ backups }) => backups.some(({ to }) => to === name));

/** The hosts that may have noted what they proved and found of a repository: the others that put something there, too. */
export const hostsKnowing = (
  name: string,
  listed: readonly { readonly host: string }[],
  inventory: Inventory,
): readonly string[] => [
  ...new Set([
    ...hostsUsing(name, inventory),
    ...listed.map(({ host }) => host).filter((host) => inventory.hosts.has(host)),
  ]),
];

/** The hosts that may know a way there. */
export const hostsUsing = (name: string, inventory: Inventory): readonly string[] =>
  [...new Set(usersOf(name, inventory).flatMap(candidatesOf))].filter((host) => inventory.hosts.has(host));
