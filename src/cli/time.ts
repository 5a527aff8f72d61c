import { UsageError } from "../errors.ts";

const factors: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** A point in time: `10m`, `2h`, `3d` ago, or anything that RFC 3339 allows. */
export function toTime(text: string, now: Date): string {
  const [, count, unit = ""] = /^(\d+)([smhdw])$/.exec(text) ?? [];
  const ago = count === undefined ? undefined : Number(count) * (factors[unit] ?? 0) * 1000;
  const at = ago === undefined ? Date.parse(text) : now.getTime() - ago;
  if (Number.isNaN(at))
    throw new UsageError(`--since: "${text}" is no time.`, {
      hint: "Expected 10m, 2h, 3d or 2026-01-31T18:00:00Z.",
    });
  return new Date(at).toISOString();
}
