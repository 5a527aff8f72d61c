import { toLongDuration, toPercent } from "../words.ts";
import type { Budget } from "./budget.ts";

/** `2 d 23 h of 3 d`; `up to` where nobody looked all the time. */
export function sayLeft({ allowedMs, spentMs, watchedRatio }: Budget): string {
  const leftMs = allowedMs - spentMs;
  const allowed = toLongDuration(allowedMs);
  if (leftMs < 0) return `over by ${toLongDuration(-leftMs)} of ${allowed}`;
  return `${watchedRatio < 1 ? "up to " : ""}${toLongDuration(leftMs)} of ${allowed}`;
}

/** `at least 1 h 5 min of 3 d this month, 12 min of it planned; watched 40% of the time`. */
export function saySpent({ allowedMs, per, spentMs, plannedMs, watchedRatio }: Budget): string {
  const gaps = watchedRatio < 1;
  const spent = `${gaps ? "at least " : ""}${toLongDuration(spentMs)} of ${toLongDuration(allowedMs)} this ${per}`;
  const planned = plannedMs === 0 ? "" : `, ${toLongDuration(plannedMs)} of it planned`;
  return `${spent}${planned}${gaps ? `; somebody watched ${sayRatio(watchedRatio)} of it` : ""}`;
}

const sayRatio = (ratio: number) => (ratio < 0.01 ? "less than 1%" : toPercent(Math.min(ratio, 0.99)));

/** It is used up, or so far gone that the rest is less than a tenth. */
export function healthOfBudget({ allowedMs, spentMs }: Budget): "ok" | "warning" | "failed" {
  if (spentMs > allowedMs) return "failed";
  return allowedMs - spentMs < allowedMs / 10 ? "warning" : "ok";
}
