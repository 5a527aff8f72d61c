import { UnreachableError, UsageError } from "../errors.ts";
import { type BackupsOf, listBackups, toKnown } from "../operations/backups.ts";
import { servicesAsked } from "../operations/services-meant.ts";
import type { Medium } from "../operations/store.ts";
import { toAge, toDuration, toSize } from "../words.ts";
import type { Context } from "./context.ts";
import type { ReadOptions } from "./options.ts";
import { printDocument, toFormat } from "./output.ts";
import { type Column, drawTable } from "./table.ts";

export interface BackupsOptions extends ReadOptions {
  readonly all?: boolean;
}

interface Row extends Omit<BackupsOf, "backups"> {
  readonly backup?: BackupsOf["backups"][number];
  readonly isNewest: boolean;
  readonly problem?: string;
}

/** `scrap backups [SERVICE…]`: what the repositories list. Resolves with 1 where a copy is missing, late or unknown, with 3 where its host is away, with 2 where a secret is not. */
export async function backups(
  context: Context,
  names: readonly string[],
  options: BackupsOptions,
): Promise<number> {
  const inventory = await context.loadInventory({ ...options, orThisMachine: true });
  const services = servicesAsked(names, inventory, ({ backups }) => backups.length > 0);
  const operations = await context.operations(options);
  const session = await context.open(inventory, options);
  let listed: readonly BackupsOf[];
  try {
    listed = await operations.ask(listBackups(services, session), session);
    session.learn(toKnown(listed, new Date()));
  } finally {
    await session.close();
  }
  const now = new Date();
  const rows = listed.flatMap((of) => toRows(of, now, options.all === true || names.length > 0));
  const unprotected = services.filter(({ backups }) => backups.length === 0).map(({ name }) => name);
  const format = toFormat(options);
  if (format === "name") for (const { backup } of rows) if (backup) context.print(backup.id);
  if (format === "json" || format === "yaml")
    context.print(await printDocument({ version: 1, backups: rows.map(toDocument) }, format));
  if (format === "table") print(rows, unprotected, context, now);
  const causes = rows.map(({ whyNot }) => whyNot?.cause);
  if (causes.some((cause) => cause instanceof UnreachableError)) return 3;
  if (causes.some((cause) => cause instanceof UsageError)) return 2;
  return rows.some(({ problem }) => problem !== undefined) || unprotected.length > 0 ? 1 : 0;
}

/** The newest of each; the older ones when they are asked for. */
function toRows(of: BackupsOf, now: Date, isAll: boolean): readonly Row[] {
  const { backups, ...common } = of;
  const [newest, ...older] = backups;
  const problem = problemsOf(of, now).join("; ") || undefined;
  return [
    {
      ...common,
      isNewest: true,
      ...(newest ? { backup: newest } : {}),
      ...(problem === undefined ? {} : { problem }),
    },
    ...(isAll ? older.map((backup) => ({ ...common, isNewest: false, backup })) : []),
  ];
}

function problemsOf(of: BackupsOf, now: Date): readonly string[] {
  const { whyNot, verified, backups, missing, wholeAt, mostMs } = of;
  const found: string[] = [];
  if (verified?.result === "damaged")
    found.push(`the repository is damaged, as its check found ${toAge(new Date(verified.at), now)}`);
  if (whyNot) found.push(whyNot.hint === undefined ? whyNot.whyNot : `${whyNot.whyNot}\n${whyNot.hint}`);
  else if (backups.length === 0) found.push("there is no backup");
  for (const place of missing) found.push(`no backup has ${place}`);
  const ageMs = wholeAt ? now.getTime() - wholeAt.getTime() : 0;
  if (mostMs !== undefined && ageMs > mostMs)
    found.push(`late: ${toDuration(ageMs)} old, and may be ${toDuration(mostMs)}`);
  return found;
}

const toDocument = ({ service, repository, backup, verified, medium, ...row }: Row) => ({
  service,
  repository,
  ...(backup
    ? {
        id: backup.id,
        at: backup.at,
        host: backup.host,
        consistency: backup.consistency,
        places: backup.places,
        sizeBytes: backup.sizeBytes,
        proof: backup.proof,
      }
    : {}),
  wholeAt: row.wholeAt,
  rpoMs: row.rpoMs,
  mayBeOldMs: row.mostMs,
  verified: verified && { at: verified.at, result: verified.result, readData: verified.readData },
  medium,
  problem: row.problem,
});

function print(rows: readonly Row[], unprotected: readonly string[], context: Context, now: Date): void {
  const columns: readonly Column<Row>[] = [
    { title: "SERVICE", cell: ({ service }) => service, essential: true },
    { title: "REPOSITORY", cell: ({ repository }) => repository },
    { title: "ID", cell: ({ backup }) => backup?.id ?? "", essential: true },
    { title: "WHEN", cell: ({ backup }) => (backup ? toTime(backup.at) : "") },
    {
      title: "AGE",
      cell: ({ backup, whyNot }) => (backup ? toAge(backup.at, now) : whyNot ? "unknown" : "never"),
      essential: true,
    },
    { title: "RPO", cell: ({ rpoMs }) => (rpoMs === undefined ? "" : toDuration(rpoMs)), align: "right" },
    { title: "SIZE", cell: ({ backup }) => toSize(backup?.sizeBytes), align: "right" },
    { title: "HOST", cell: ({ backup }) => backup?.host ?? "" },
    { title: "KIND", cell: ({ backup }) => backup?.consistency ?? "" },
    {
      title: "PROOF",
      cell: ({ backup }) =>
        backup?.proof
          ? `${backup.proof.how}, ${toAge(new Date(backup.proof.at), now)}`
          : backup
            ? "none"
            : "",
    },
    { title: "VERIFIED", cell: (row) => toVerified(row, now) },
  ];
  if (rows.length > 0) context.print(drawTable(rows, columns, context.style));
  else if (unprotected.length === 0)
    context.print(
      "No service declares a backup. The inventory has a place for them: services › NAME › backups.",
    );
  for (const { service, repository, problem } of rows)
    if (problem !== undefined) context.print(`! ${service} in ${repository}: ${problem}`);
  for (const [repository, medium] of new Map(rows.map(({ repository, medium }) => [repository, medium])))
    if (medium) context.print(`${repository}: ${sayMedium(medium, now)}`);
  for (const name of unprotected) context.print(`! ${name} declares no backups`);
}

const toTime = (at: Date) => at.toISOString().slice(0, 16).replace("T", " ");

/** Of the repository, beside the newest backup in it. */
function toVerified({ verified, isNewest }: Row, now: Date): string {
  if (!isNewest) return "";
  if (!verified) return "never";
  const age = toAge(new Date(verified.at), now);
  if (verified.result === "damaged") return `DAMAGED, ${age}`;
  return verified.readData ? `all data, ${age}` : age;
}

function sayMedium({ label, isThere, seenAt }: Medium, now: Date): string {
  const seen = seenAt ? `last copied to ${toTime(seenAt)} (${toAge(seenAt, now)})` : "never copied to yet";
  return `the disk ${label} is ${isThere ? "plugged in" : "away"}; ${seen}`;
}
