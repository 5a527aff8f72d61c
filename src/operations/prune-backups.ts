import type { StoredBackup } from "../backends/backup-verbs.ts";
import { Refused, UsageError } from "../errors.ts";
import { didYouMean } from "../inventory/nearest.ts";
import type { Backup, Service } from "../inventory/service.ts";
import { type Step, withPrefix } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import { toTagWord } from "../plan/snapshot-tag.ts";
import { listThrough } from "./backups.ts";
import type { Ground } from "./ground.ts";
import { type FormerHost, formerHostsOf, toForget } from "./outdated-backups.ts";
import { proofsOf } from "./proofs.ts";
import { orRefuse } from "./refusing.ts";
import { hostsKnowing, hostsUsing, storesOf } from "./repositories.ts";
import type { Store } from "./store.ts";
import { verifiedOf } from "./verified.ts";

interface Wanted {
  readonly store: Store;
  readonly policies: { readonly service: Service; readonly policy: Backup }[];
}

export const hasBackupPolicy = ({ backups }: Service): boolean => backups.some(saysHowMany);

const saysHowMany = ({ keep, keepWithinMs }: Backup) => keep !== undefined || keepWithinMs !== undefined;

/**
 * Forgets what the policies of these services let go, in one step a repository, and frees its room. `without`: the hosts that
 * may be away, with all that they have noted.
 */
export function* pruneBackups(
  services: readonly Service[],
  without: readonly string[],
  ground: Ground,
): Planning<{
  readonly steps: readonly Step[];
  readonly hosts: readonly string[];
  readonly notes: string[];
}> {
  const { inventory, now } = ground;
  const steps: Step[] = [];
  const hosts: string[] = [];
  const notes: string[] = [];
  for (const { store, policies } of wantedOf(services, ground)) {
    const { repository, forget } = store;
    const { name } = repository;
    if (!forget) {
      notes.push(
        `${name} is not pruned: what is sent there, or lies in a drawer, stays until you delete it.`,
      );
      continue;
    }
    if (repository.appendOnly) {
      notes.push(`Hosts only add to ${name} (appendOnly): it is pruned where it is kept.`);
      continue;
    }
    const allowed = hostsUsing(name, inventory).filter(
      (host) => inventory.hosts.get(host)?.protected === false,
    );
    const listed = orRefuse(yield* listThrough(store, allowed));
    const { host, backups } = listed;
    const all = hostsKnowing(name, backups, inventory);
    yield* expectUndamaged(name, all);
    const { proofs, silent } = yield* proofsOf(all);
    const gone: StoredBackup[] = [];
    const kept: StoredBackup[] = [];
    for (const { service, policy } of policies) {
      const own = backups
        .filter((backup) => backup.service === service.name)
        .map((backup) => {
          const proof = proofs.find(({ repository, id }) => repository === name && id === backup.id);
          return proof ? { ...backup, proof } : backup;
        });
      notes.push(...formerHostsOf(own).map((former) => sayFormer(former, service, name)));
      const of = toForget(own, policy, now);
      gone.push(...of.gone);
      if (of.gone.length > 0) kept.push(...of.kept);
    }
    if (gone.length === 0) continue;
    const missed = silent.filter((away) => !without.includes(away));
    if (missed.length > 0) throw new Refused(saySilent(missed, name), { hint: sayWithout(missed) });
    notes.push(...silent.map((away) => saySilent([away], name)));
    hosts.push(host);
    steps.push(...withPrefix(toTagWord(name), forget(host, gone, kept)));
  }
  return { steps, hosts, notes };
}

const saySilent = (hosts: readonly string[], name: string) =>
  `${hosts.join(" and ")} cannot be asked which backups in ${name} were proven there, nor whether damage was found.`;

const sayWithout = (hosts: readonly string[]) =>
  `Later, or without ${hosts.length > 1 ? "them" : "it"}: ${hosts.map((host) => `--without ${host}`).join(" ")}`;

const sayFormer = ({ host, count, newestAt }: FormerHost, { name }: Service, repository: string) =>
  `${repository} has ${count} older backup${count > 1 ? "s" : ""} of ${name} from ${host}, the newest of ${newestAt.toISOString().slice(0, 10)}: the policy keeps them apart from those of other hosts.`;

/** Throws `UsageError` for a name that is none. */
export function expectHosts(names: readonly string[], { inventory }: Ground): void {
  const wrong = names.find((name) => !inventory.hosts.has(name));
  if (wrong !== undefined)
    throw new UsageError(`No host is named ${wrong}${didYouMean(wrong, [...inventory.hosts.keys()])}`);
}

/** What is left in a damaged repository may be the only good copy. */
function* expectUndamaged(name: string, hosts: readonly string[]): Planning<void> {
  const known = (yield* verifiedOf(hosts)).get(name);
  if (known?.result === "damaged")
    throw new Refused(`${name} was found damaged at ${known.at}: nothing is forgotten there.`, {
      hint: `Once it is repaired: scrap verify ${name}${known.readData ? " --read-data" : ""}`,
    });
}

function wantedOf(services: readonly Service[], ground: Ground): readonly Wanted[] {
  const wanted = new Map<string, Wanted>();
  for (const service of services)
    for (const policy of service.backups.filter(saysHowMany)) {
      const [store] = storesOf(service, ground, policy.to);
      if (!store) continue;
      const of = wanted.get(policy.to) ?? { store, policies: [] };
      of.policies.push({ service, policy });
      wanted.set(policy.to, of);
    }
  return [...wanted.values()];
}
