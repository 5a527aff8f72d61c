import type { Backup } from "../../inventory/service.ts";
import { judgeBackups, type KnownBackups, mostAgeIn } from "../../model/copies.ts";
import type { KnownService } from "../../model/services.ts";
import { toAge, toDuration } from "../../words.ts";
import { type Line, line, span } from "../line.ts";
import { shownCopy, snapshotCell, verdictCell } from "./copies-cells.ts";
import { defineList, type List } from "./list.ts";

interface Declared {
  readonly of: KnownService;
  readonly backup: Backup;
  readonly known: KnownBackups | undefined;
}

const now = () => new Date();

const judge = ({ of, backup, known }: Declared) =>
  judgeBackups(known ? [known] : [], mostAgeIn(of, backup.to), now());

const age = (at: string) => toAge(new Date(at), now());

function askedCell({ known }: Declared): Line {
  if (known?.why !== undefined)
    return line(span(`did not tell: ${known.why.replaceAll(/\s+/g, " ")}`, "unknown"));
  return known?.askedAt === undefined ? line(span("not yet", "muted")) : line(age(known.askedAt));
}

const rpoOf = ({ service: { sla } }: KnownService) => (sla?.rpoMs === undefined ? "" : toDuration(sla.rpoMs));

/** What the repositories told when they were asked last, and what was put there since. */
const declared: List = defineList<Declared>({
  id: "backups.declared",
  title: "backups",
  rows: ({ homelab }) =>
    homelab.services.flatMap((of) =>
      of.service.backups.map((backup) => ({
        of,
        backup,
        known: of.copies.backups.find(({ repository }) => repository === backup.to),
      })),
    ),
  toRow: (item) => ({
    key: `${item.of.service.name} ${item.backup.to}`,
    ref: { kind: "service", id: item.of.service.name },
    kind: "backup",
    host: item.of.host,
    name: item.of.service.name,
    health: shownCopy(judge(item)),
    ...(item.known?.why === undefined ? {} : { reason: item.known.why }),
  }),
  empty: "No service declares a backup. The inventory has a place for them: services › NAME › backups.",
  columns: [
    { title: "SERVICE", cell: ({ of }) => of.service.name, rank: 0 },
    { title: "TO", cell: ({ backup }) => backup.to, rank: 0 },
    {
      title: "NEWEST",
      cell: (item) => verdictCell(judge(item)),
      by: ({ known }) => (known?.newest ? -Date.parse(known.newest.at) : undefined),
      rank: 0,
    },
    { title: "ASKED", cell: askedCell, rank: 1, flexible: true, whole: true },
    { title: "RPO", cell: ({ of }) => rpoOf(of), align: "right", rank: 2 },
    { title: "EVERY", cell: ({ backup }) => toDuration(backup.everyMs), align: "right", rank: 4 },
    {
      title: "PROOF",
      cell: ({ known }) =>
        known?.newest?.proof
          ? `${known.newest.proof.how}, ${age(known.newest.proof.at)}`
          : known?.askedAt !== undefined && known.newest
            ? line(span("none", "muted"))
            : "",
      rank: 3,
    },
    { title: "SNAPSHOT", cell: ({ of }) => snapshotCell(of), rank: 3 },
    { title: "HOST", cell: ({ of }) => of.host, rank: 5 },
  ],
});

const unknownSnapshot = { health: "unknown", words: "not known" } as const;

const judgeSnapshot = ({ copies: { newest, snapshot } }: KnownService) => {
  if (newest?.kind === "snapshot") return newest;
  if (!snapshot) return unknownSnapshot;
  return { health: "ok", words: snapshot.at === undefined ? "none" : age(snapshot.at) } as const;
};

/** Of those that keep data: what the storage tells. */
const snapshots: List = defineList<KnownService>({
  id: "backups.snapshots",
  title: "snapshots",
  rows: ({ homelab }) => homelab.services.filter(({ service }) => service.data.length > 0),
  toRow: (known) => ({
    key: `snapshot ${known.service.name}`,
    ref: { kind: "service", id: known.service.name },
    kind: "snapshot",
    host: known.host,
    name: known.service.name,
    health: known.copies.snapshot ? shownCopy(judgeSnapshot(known)) : "unasked",
  }),
  empty: "No service declares data. The inventory has a place for it: services › NAME › data.",
  columns: [
    { title: "SERVICE", cell: ({ service }) => service.name, rank: 0 },
    { title: "NEWEST", cell: (known) => verdictCell(judgeSnapshot(known)), rank: 0 },
    {
      title: "CONSISTENCY",
      cell: ({ copies: { snapshot } }) =>
        snapshot?.isForeign ? line(span("not by SCRAP", "muted")) : (snapshot?.consistency ?? ""),
      rank: 1,
    },
    { title: "RPO", cell: rpoOf, align: "right", rank: 2 },
    {
      title: "EVERY",
      cell: ({ service }) => (service.snapshots ? toDuration(service.snapshots.everyMs) : ""),
      align: "right",
      rank: 3,
    },
    {
      title: "DATA",
      cell: ({ service }) => service.data.map(({ kind, name }) => `${kind} ${name}`).join(", "),
      rank: 2,
      flexible: true,
    },
    { title: "HOST", cell: ({ host }) => host, rank: 1 },
  ],
});

export const backups: readonly List[] = [declared, snapshots];
