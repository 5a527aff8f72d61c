import type { AddressedRepository, BackupVerbs } from "../backends/backup-verbs.ts";
import type { Backend } from "../backends/contract.ts";
import { Refused, UsageError } from "../errors.ts";
import type { Inventory } from "../inventory/inventory.ts";
import { didYouMean } from "../inventory/nearest.ts";
import type { Service } from "../inventory/service.ts";
import { candidatesOf } from "../model/whereabouts.ts";

/** A repository, and the tool that reads and writes it. */
export interface Store {
  readonly repository: AddressedRepository;
  readonly verbs: BackupVerbs;
}

interface Surroundings {
  readonly inventory: Inventory;
  readonly backends: readonly Backend[];
}

/** Those that a service declares, or the one that was named. Throws `UsageError` for a name that is none. */
export function storesOf(
  service: Service,
  { inventory, backends }: Surroundings,
  to?: string,
): readonly Store[] {
  const names = to === undefined ? [...new Set(service.backups.map(({ to }) => to))] : [to];
  if (names.length === 0)
    throw new Refused(`${service.name} declares no backups.`, {
      hint: `The inventory has a place for them: services › ${service.name} › backups; or say --to REPOSITORY.`,
    });
  return names.map((name) => storeOf(name, { inventory, backends }));
}

/** Throws `UsageError` for a name that is none, and `Refused` for a repository of which no backend knows the tool. */
export function storeOf(name: string, { inventory, backends }: Surroundings): Store {
  const repository = inventory.repositories.get(name);
  if (!repository)
    throw new UsageError(
      `No repository is named ${name}${didYouMean(name, [...inventory.repositories.keys()])}`,
    );
  const verbs = backends.find(({ backup }) => backup?.tool === repository.tool)?.backup;
  if (!verbs || !("address" in repository))
    throw new Refused(`Backups to a ${repository.tool} repository such as ${name} are not made yet.`, {
      hint: "restic and borg are.",
    });
  return { repository, verbs };
}

/** The services that put backups there. */
export const usersOf = (name: string, { services }: Inventory): readonly Service[] =>
  [...services.values()].filter(({ backups }) => backups.some(({ to }) => to === name));

/** The hosts that may know a way there. */
export const hostsUsing = (name: string, inventory: Inventory): readonly string[] =>
  [...new Set(usersOf(name, inventory).flatMap(candidatesOf))].filter((host) => inventory.hosts.has(host));
