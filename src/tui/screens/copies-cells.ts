import type { Budget } from "../../model/budget.ts";
import { healthOfBudget, sayLeft } from "../../model/budget-words.ts";
import type { Copies } from "../../model/copies.ts";
import type { KnownService } from "../../model/services.ts";
import { toAge } from "../../words.ts";
import { type Line, line, type Shown, sign, span, tokenOf } from "../line.ts";
import { stateCell } from "./cells.ts";

type Verdict = NonNullable<Copies["newest"]>;

/** That nobody was asked yet is nothing to worry about. */
export const shownCopy = ({ health, words }: Pick<Verdict, "health" | "words">): Shown =>
  words === "not asked" ? "unasked" : health;

export const verdictCell = (verdict: Pick<Verdict, "health" | "words">): Line =>
  stateCell(shownCopy(verdict), verdict.words);

/** Empty where none is declared. */
export const backupCell = ({ copies: { newest } }: KnownService): Line =>
  newest?.kind === "backup" ? verdictCell(newest) : [];

/** Empty where there can be none, or nobody told. */
export function snapshotCell({ copies: { newest, snapshot } }: KnownService): Line {
  if (!snapshot) return [];
  if (newest?.kind === "snapshot" && newest.health !== "ok") return verdictCell(newest);
  return snapshot.at === undefined
    ? line(span("none", "muted"))
    : line(toAge(new Date(snapshot.at), new Date()));
}

/** The newest first; those without one last. */
export const bySnapshot = ({ copies: { snapshot } }: KnownService): number | undefined =>
  snapshot?.at === undefined ? undefined : -Date.parse(snapshot.at);

/** Empty where nothing was promised, or nobody looked. */
export function budgetCell(budget: Budget | undefined): Line {
  if (!budget) return [];
  const health = healthOfBudget(budget);
  const words = sayLeft(budget);
  return health === "ok" ? line(words) : line(sign(health), " ", span(words, tokenOf(health)));
}

/** The least first. */
export const byBudget = ({ budget }: KnownService): number | undefined =>
  budget && budget.allowedMs - budget.spentMs;
