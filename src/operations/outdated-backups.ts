import type { StoredBackup } from "../backends/backup-verbs.ts";
import type { Backup } from "../inventory/service.ts";
import type { Proof } from "./proofs.ts";
import { keptByPolicy } from "./retention.ts";

export type ProvenBackup = StoredBackup & { readonly proof?: Proof };

/** All that one operation put into a repository: a part for each host that has data of the service. */
interface BackupSet {
  readonly at: Date;
  readonly parts: readonly ProvenBackup[];
  readonly isProven: boolean;
}

/**
 * Of the backups of one service in one repository, those that a policy lets go, and those that it must not let go without:
 * the newest, and the newest that was proven. Half of the data takes no place from all of it, nor does what one host has of
 * it from what another one has: a host that comes back, and backs up what it had, would take that of the host where it runs now.
 */
export function toForget(
  backups: readonly ProvenBackup[],
  { keep = {}, keepWithinMs = 0 }: Pick<Backup, "keep" | "keepWithinMs">,
  now: Date,
): { readonly gone: readonly StoredBackup[]; readonly kept: readonly StoredBackup[] } {
  const gone: StoredBackup[] = [];
  const musts: StoredBackup[] = [];
  for (const sets of Map.groupBy(toSets(backups), lineOf).values()) {
    const [newest] = sets;
    const proven = sets.find(({ isProven }) => isProven);
    const kept = keptByPolicy(sets, keep);
    if (proven) kept.add(proven);
    for (const set of sets) {
      if (set === newest || set === proven) musts.push(...set.parts);
      const isYoung = now.getTime() - set.at.getTime() < keepWithinMs;
      if (!kept.has(set) && !isYoung) gone.push(...set.parts.filter(({ id }) => isPlain(id)));
    }
  }
  return { gone, kept: musts };
}

/** A host whose backups of a service are older than those that others made of the same places. */
export interface FormerHost {
  readonly host: string;
  readonly count: number;
  readonly newestAt: Date;
}

/** Such as where a service was before: nothing newer takes the place of what they have. */
export function formerHostsOf(backups: readonly StoredBackup[]): readonly FormerHost[] {
  const timeOf = ({ at }: StoredBackup) => at.getTime();
  return [...Map.groupBy(backups, ({ host }) => host)].flatMap(([host, own]) => {
    const newestMs = Math.max(...own.map(timeOf));
    const newer = new Set(
      backups.filter((each) => each.host !== host && timeOf(each) > newestMs).flatMap(toPlaces),
    );
    const isFormer = own.flatMap(toPlaces).every((place) => newer.has(place));
    return isFormer ? [{ host, count: own.length, newestAt: new Date(newestMs) }] : [];
  });
}

const toPlaces = ({ places }: StoredBackup) => places.map(({ kind, name }) => `${kind}:${name}`);

/** A repository says what an id is: one that a tool could take for something else is left alone. */
const isPlain = (id: string) => /^\w[\w.-]*$/.test(id);

/** The newest first. */
function toSets(backups: readonly ProvenBackup[]): readonly BackupSet[] {
  return [...Map.groupBy(backups, ({ operation }) => operation).values()]
    .map((parts) => ({
      at: new Date(Math.max(...parts.map(({ at }) => at.getTime()))),
      parts,
      isProven: parts.some(({ proof }) => proof !== undefined),
    }))
    .toSorted((a, b) => b.at.getTime() - a.at.getTime());
}

/** Which places it has, and of which hosts. */
const lineOf = ({ parts }: BackupSet): string =>
  parts
    .flatMap((part) => toPlaces(part).map((place) => `${part.host} ${place}`))
    .toSorted()
    .join("\n");
