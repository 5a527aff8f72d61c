import type { Answer } from "../../probe.ts";
import type { Finding } from "../../resource.ts";
import { sayCount, sayDuration, sayRatio } from "../../words.ts";
import type { Health } from "./health.ts";

/** A few sectors are replaced in the life of many a good disk. */
const manyCount = 10;
const wornRatio = 0.9;
const hotCelsius = 60;

type Counter = "pending" | "uncorrectable" | "reallocated" | "reportedUncorrectable" | "mediaErrors";

/** From how many on it is worth a look, and how to say it. Any growth is. */
const counters: Readonly<Record<Counter, readonly [from: number, say: (count: number) => string]>> = {
  pending: [1, (count) => `${sayCount(count, "sector")} cannot be read`],
  uncorrectable: [1, (count) => `${sayCount(count, "sector")} could not be corrected`],
  mediaErrors: [1, (count) => sayCount(count, "media error")],
  reallocated: [manyCount, (count) => `${sayCount(count, "sector")} replaced by spares`],
  reportedUncorrectable: [manyCount, (count) => sayCount(count, "uncorrectable error")],
};

/** What a disk's own figures say, beside those of one round earlier. */
export function findingsOf(disk: string, now: Health, before: Health | undefined): Finding[] {
  const findings: Finding[] = [];
  const warn = (message: string) => findings.push({ severity: "warning", message: `${disk}: ${message}` });
  if (now.passed === false) {
    const why = [...now.warnings, ...now.failingAttributes].join(", ");
    findings.push({
      severity: "failed",
      message: `${disk} is failing, says SMART${why === "" ? "" : `: ${why}`}`,
    });
  } else if (now.failingAttributes.length > 0) {
    findings.push({ severity: "failed", message: `${disk} is failing: ${now.failingAttributes.join(", ")}` });
  }
  for (const [name, [from, say]] of Object.entries(counters)) {
    const count = now[name as Counter] ?? 0;
    const isGrowing = count > (before?.[name as Counter] ?? count);
    if (count >= from || isGrowing) warn(`${say(count)}${isGrowing ? ", and counting" : ""}`);
  }
  if ((now.wearRatio ?? 0) >= wornRatio) warn(`${sayRatio(now.wearRatio ?? 0)} of its rated life is used`);
  if ((now.rotationRate ?? 0) > 0 && (now.temperatureCelsius ?? 0) >= hotCelsius)
    warn(`${now.temperatureCelsius} °C is too hot`);
  if (now.unread !== undefined)
    findings.push({ severity: "unknown", message: `${disk}: SMART could not be read: ${now.unread}` });
  return findings;
}

/** What it said before stays true while it says nothing: asleep all but its heat, unread what is worst. */
export function findingsBefore(disk: string, { fact, at }: Answer<Health>): Finding[] {
  if (!fact.last) return [];
  const { temperatureCelsius: _, ...rest } = fact.last.fact;
  const seen = `; seen ${sayDuration(at.getTime() - fact.last.at.getTime())} ago`;
  return findingsOf(disk, rest, undefined)
    .filter(({ severity }) => fact.isAsleep || severity === "failed")
    .map((finding) => ({
      ...finding,
      message: `${finding.message}${seen}${fact.isAsleep ? ", it sleeps now" : ""}`,
    }));
}
