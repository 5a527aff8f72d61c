import type { Inventory } from "../inventory/inventory.ts";
import type { Service } from "../inventory/service.ts";
import { sha256 } from "../plan/digest.ts";
import { toTagWord } from "../plan/snapshot-tag.ts";

/** What a service declares to be done again and again. */
export interface Job {
  readonly service: Service;
  /** Of its files and units: `web_snapshot`, `web_backup_nas`. */
  readonly name: string;
  readonly what: "snapshot" | "backup";
  /** The repository of a backup. */
  readonly to?: string;
  readonly everyMs: number;
  readonly ping?: string;
  /** A digest of all in the inventory that it follows from. */
  readonly declared: string;
}

/** In the order of the inventory; none for a service that declares none. */
export function jobsOf(service: Service, { repositories }: Pick<Inventory, "repositories">): readonly Job[] {
  const { snapshots, backups, data, hooks, runs } = service;
  const word = toTagWord(service.name);
  const declared = (...of: readonly unknown[]) =>
    sha256(JSON.stringify([data, hooks, runs, ...of])).slice(0, 16);
  return [
    ...(snapshots
      ? [
          {
            service,
            name: `${word}_snapshot`,
            what: "snapshot" as const,
            everyMs: snapshots.everyMs,
            ...toPing(snapshots),
            declared: declared(snapshots),
          },
        ]
      : []),
    ...backups.map((backup) => ({
      service,
      name: `${word}_backup_${toTagWord(backup.to)}`,
      what: "backup" as const,
      to: backup.to,
      everyMs: backup.everyMs,
      ...toPing(backup),
      declared: declared(snapshots?.while, backup, repositories.get(backup.to)),
    })),
  ];
}

const toPing = ({ ping }: { readonly ping?: string }) => (ping === undefined ? {} : { ping });

/** What is done, for people: `snapshot`, `backup to nas`. */
export const sayJob = ({ what, to }: Pick<Job, "what" | "to">): string =>
  to === undefined ? what : `${what} to ${to}`;

/** What a host does not find out alone, for people: what another has already of what is sent there. Undefined for all else. */
export function whyFromHere({ service, to }: Job, { repositories }: Pick<Inventory, "repositories">) {
  const tool = to === undefined ? undefined : repositories.get(to)?.tool;
  return tool === "btrfs" || tool === "zfs"
    ? `${to} gets what changed since the last time, which no host finds out by itself yet. From here: scrap backup ${service.name} --to ${to}`
    : undefined;
}

/** Whoever takes a host over must not be able to take its backups away: it adds to them, no more. Undefined where nothing says what goes. */
export function whoForgets({ service, to }: Job, { repositories }: Pick<Inventory, "repositories">) {
  const policy = service.backups.find((backup) => backup.to === to);
  if (policy?.keep === undefined && policy?.keepWithinMs === undefined) return undefined;
  return repositories.get(to ?? "")?.appendOnly
    ? `the schedule forgets nothing in ${to}, and hosts only add there (appendOnly): it is pruned where it is kept`
    : `the schedule forgets nothing in ${to}, whatever its policy lets go. From here: scrap prune ${service.name} --backups`;
}
