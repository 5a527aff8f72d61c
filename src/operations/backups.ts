import type { StoredBackup } from "../backends/backup-verbs.ts";
import { isWhyNot, type WhyNot } from "../backends/verbs.ts";
import type { Inventory } from "../inventory/inventory.ts";
import type { Service } from "../inventory/service.ts";
import type { Backups, KnownBackups } from "../model/copies.ts";
import { candidatesOf } from "../model/whereabouts.ts";
import type { Planning } from "../plan/planning.ts";
import { attempt } from "./attempt.ts";
import type { Ground } from "./ground.ts";
import { type Proof, proofsOf } from "./proofs.ts";
import { hostsKnowing, storesOf } from "./repositories.ts";
import type { Medium, Store } from "./store.ts";
import { type Verified, verifiedOf } from "./verified.ts";

/** What one repository has of one service. */
export interface BackupsOf {
  readonly service: string;
  readonly repository: string;
  /** Why nobody knows what it has. */
  readonly whyNot?: WhyNot;
  /** The newest first. */
  readonly backups: readonly (StoredBackup & { readonly proof?: Proof })[];
  /** What came of its last check. */
  readonly verified?: Verified;
  /** From when all its data is there; undefined where some of it is not. */
  readonly wholeAt?: Date;
  /** The declared places that are in none of the backups. */
  readonly missing: readonly string[];
  /** What its people can live with. */
  readonly rpoMs?: number;
  /** `wholeAt` may not be longer ago. */
  readonly mostMs?: number;
  /** The disk that it is on, where that is taken away. */
  readonly medium?: Medium;
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
  const media = new Map<string, Medium>();
  for (const { store, name } of declared) {
    if (listed.has(name)) continue;
    const hosts = declared
      .filter((other) => other.name === name)
      .flatMap(({ service }) => candidatesOf(service));
    const answer = yield* listThrough(store, [...new Set(hosts)]);
    listed.set(name, isWhyNot(answer) ? answer : answer.backups);
    const medium = store.medium ? yield* attempt(store.at ?? "", store.medium()) : undefined;
    if (medium && !isWhyNot(medium)) media.set(name, medium);
  }
  // Whichever of them was asked for it wrote down what it found.
  const around = [
    ...new Set(
      [...listed].flatMap(([name, known]) =>
        hostsKnowing(name, isWhyNot(known) ? [] : known, ground.inventory),
      ),
    ),
  ];
  const { proofs } = yield* proofsOf(around);
  const verifications = yield* verifiedOf(around);
  const found = declared.map(({ service, name }): BackupsOf => {
    const known = listed.get(name) ?? [];
    const verified = verifications.get(name);
    const medium = media.get(name);
    const { rpoMs } = service.sla ?? {};
    const common = {
      service: service.name,
      repository: name,
      ...(verified ? { verified } : {}),
      ...(medium ? { medium } : {}),
      ...(rpoMs === undefined ? {} : { rpoMs }),
    };
    if (isWhyNot(known)) return { ...common, whyNot: known, backups: [], missing: [] };
    const own = known.filter((backup) => backup.service === service.name);
    const backups = own.map((backup) => {
      const proof = proofs.find(({ repository, id }) => repository === name && id === backup.id);
      return proof ? { ...backup, proof } : backup;
    });
    return { ...common, backups, ...ageOf(service, backups) };
  });
  return found.map((of) => ({ ...of, ...mostOf(of, found, ground.inventory) }));
}

/** All its data is no older than the oldest of its places, each by the newest backup that has it. */
function ageOf({ data }: Service, backups: readonly StoredBackup[]): Pick<BackupsOf, "wholeAt" | "missing"> {
  const [newest] = backups;
  if (!newest) return { missing: [] };
  const times = data.map(({ kind, name }) => ({
    name,
    at: backups.find(({ places }) => places.some((place) => place.kind === kind && place.name === name))?.at,
  }));
  const missing = times.flatMap(({ name, at }) => (at ? [] : [name]));
  const known = times.flatMap(({ at }) => at ?? []);
  const wholeAt = new Date(Math.min(newest.at.getTime(), ...known.map((at) => at.getTime())));
  return missing.length > 0 ? { missing } : { missing, wholeAt };
}

/**
 * What may be lost is what the newest copy lacks, wherever that is: so the repository that has it is held against the RPO.
 * The others may be as old as they are by their own interval, missed once.
 */
function mostOf(
  of: BackupsOf,
  all: readonly BackupsOf[],
  { services }: Inventory,
): Pick<BackupsOf, "mostMs"> {
  const every = services.get(of.service)?.backups.find(({ to }) => to === of.repository)?.everyMs;
  const ownMs = every === undefined ? undefined : every * 2;
  const timeOf = ({ wholeAt }: BackupsOf) => wholeAt?.getTime() ?? Number.NEGATIVE_INFINITY;
  const others = all.filter(({ service }) => service === of.service);
  const isNewest = timeOf(of) >= Math.max(...others.map(timeOf));
  const mostMs = of.rpoMs === undefined ? ownMs : isNewest ? of.rpoMs : Math.max(of.rpoMs, ownMs ?? 0);
  return mostMs === undefined ? {} : { mostMs };
}

/** Each host has its own way to a repository: what one does not reach another may. The first one's reason is told. */
export function* listThrough(
  { repository, at, list }: Store,
  hosts: readonly string[],
): Planning<{ readonly host: string; readonly backups: readonly StoredBackup[] } | WhyNot> {
  let first: WhyNot | undefined;
  for (const host of at === undefined ? hosts : [at]) {
    const listed = yield* attempt(host, list(host));
    if (!isWhyNot(listed)) return { host, backups: listed };
    first ??= listed;
  }
  return first ?? { whyNot: `No host is there to ask ${repository.name}.` };
}

/** What is worth to be known later of what was listed. */
export function toKnown(listed: readonly BackupsOf[], askedAt: Date): Backups {
  const known = new Map<string, readonly KnownBackups[]>();
  for (const of of listed) known.set(of.service, [...(known.get(of.service) ?? []), toKnownOne(of, askedAt)]);
  return known;
}

/** Its age is that of all its data: a newer one that lacks a place is no copy of that. */
function toKnownOne({ repository, whyNot, backups, wholeAt }: BackupsOf, askedAt: Date): KnownBackups {
  if (whyNot) return { repository, why: whyNot.whyNot };
  const [newest] = backups;
  const proof = newest?.proof && { proof: { at: newest.proof.at, how: newest.proof.how } };
  return {
    repository,
    askedAt: askedAt.toISOString(),
    ...(newest && wholeAt ? { newest: { id: newest.id, at: wholeAt.toISOString(), ...proof } } : {}),
  };
}
