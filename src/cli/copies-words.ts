import type { Budget } from "../model/budget.ts";
import { healthOfBudget, sayLeft, saySpent } from "../model/budget-words.ts";
import type { Copies, KnownBackups, NewestSnapshot } from "../model/copies.ts";
import { toAge } from "../words.ts";
import type { Style } from "./style.ts";

/** `ok 3 h ago`, where this kind is the one that counts. */
export function toVerdict({ newest }: Copies, kind: "backup" | "snapshot", style: Style): string {
  return newest?.kind === kind ? `${style.sign(newest.health)} ${newest.words}` : "";
}

/** Empty where there can be none, or nobody told. */
export function toSnapshotAge(snapshot: NewestSnapshot | undefined, now: Date): string {
  if (!snapshot) return "";
  return snapshot.at === undefined ? "none" : toAge(new Date(snapshot.at), now);
}

export function toLeft(budget: Budget, style: Style): string {
  const health = healthOfBudget(budget);
  return health === "ok" ? sayLeft(budget) : `${style.sign(health)} ${sayLeft(budget)}`;
}

export const toSpent = (budget: Budget | undefined): string => (budget ? saySpent(budget) : "");

/** `12 min ago, quiesced`. */
export function toSnapshot(snapshot: NewestSnapshot | undefined, now: Date): string {
  if (!snapshot) return "";
  const by = snapshot.isForeign ? "not by SCRAP" : (snapshot.consistency ?? "");
  return [toSnapshotAge(snapshot, now), by].filter((word) => word !== "").join(", ");
}

/** `offsite: 3 h ago, asked 10 min ago, restored for a try 2 d ago`. */
export function toKnownBackup({ repository, newest, askedAt, why }: KnownBackups, now: Date): string {
  const age = (at: string) => toAge(new Date(at), now);
  const nothing = askedAt === undefined ? "not known" : "none";
  const words = [
    newest ? age(newest.at) : nothing,
    askedAt === undefined ? "" : `asked ${age(askedAt)}`,
    why === undefined ? "" : `did not tell: ${why.replaceAll(/\s+/g, " ")}`,
    newest?.proof ? `restored for a try ${age(newest.proof.at)}` : "",
  ];
  return `${repository}: ${words.filter((word) => word !== "").join(", ")}`;
}
