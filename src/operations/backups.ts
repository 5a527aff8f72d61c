import type { StoredBackup } from "../backends/backup-verbs.ts";
import { isWhyNot, type WhyNot } from "../backends/verbs.ts";
import { Failure } from "../errors.ts";
import type { Service } from "../inventory/service.ts";
import { candidatesOf } from "../model/whereabouts.ts";
import type { Planning } from "../plan/planning.ts";
import type { Ground } from "./ground.ts";
import { type Proof, proofsOf } from "./proofs.ts";
import { type Store, storesOf } from "./repositories.ts";

/** What one repository has of one service. */
export interface BackupsOf {
  readonly service: string;
  readonly repository: string;
  /** Why nobody knows what it has. */
  readonly whyNot?: WhyNot;
  /** The newest first. */
  readonly backups: readonly (StoredBackup & { readonly proof?: Proof })[];
  /** The newest one may not be older than this. */
  readonly mostMs?: number;
}

/** What the repositories of these services list now, each asked once, through the first host that reaches it. */
export function* listBackups(
  services: readonly Service[],
  ground: Pick<Ground, "inventory" | "backends">,
): Planning<readonly BackupsOf[]> {
  const declared = services.flatMap((service) =>
    service.backups.length === 0
      ? []
      : storesOf(service, ground).map((store) => ({ service, store, name: store.repository.name })),
  );
  const listed = new Map<string, readonly StoredBackup[] | WhyNot>();
  for (const { store, name } of declared) {
    if (listed.has(name)) continue;
    const hosts = declared
      .filter((other) => other.name === name)
      .flatMap(({ service }) => candidatesOf(service));
    const answer = yield* listThrough(store, [...new Set(hosts)]);
    listed.set(name, isWhyNot(answer) ? answer : answer.backups);
  }
  const proofs = yield* proofsOf(
    [...new Set(services.flatMap(candidatesOf))].filter((host) => ground.inventory.hosts.has(host)),
  );
  return declared.map(({ service, name }) => {
    const known = listed.get(name) ?? [];
    const every = service.backups.find(({ to }) => to === name)?.everyMs;
    const mostMs = service.sla?.rpoMs ?? (every === undefined ? undefined : every * 2);
    const common = { service: service.name, repository: name, ...(mostMs === undefined ? {} : { mostMs }) };
    if (isWhyNot(known)) return { ...common, whyNot: known, backups: [] };
    const own = known.filter((backup) => backup.service === service.name);
    return {
      ...common,
      backups: own.map((backup) => {
        const proof = proofs.find(({ repository, id }) => repository === name && id === backup.id);
        return proof ? { ...backup, proof } : backup;
      }),
    };
  });
}

/** Each host has its own way to a repository: what one does not reach another may. The first one's reason is told. */
export function* listThrough(
  { repository, verbs }: Store,
  hosts: readonly string[],
): Planning<{ readonly host: string; readonly backups: readonly StoredBackup[] } | WhyNot> {
  let first: WhyNot | undefined;
  for (const host of hosts) {
    const listed = yield* attempt(host, verbs.list(repository, host));
    if (!isWhyNot(listed)) return { host, backups: listed };
    first ??= listed;
  }
  return first ?? { whyNot: `No host is there to ask ${repository.name}.` };
}

/** A host that is away is a reason, too. */
function* attempt<Result>(host: string, planning: Planning<Result>): Planning<Result | WhyNot> {
  try {
    return yield* planning;
  } catch (error) {
    if (error instanceof Failure)
      return { whyNot: `${host}: ${error.message}`, ...(error.hint ? { hint: error.hint } : {}) };
    throw error;
  }
}
