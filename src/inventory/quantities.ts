const durationUnits: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
  y: 365 * 86_400_000,
};

const sizePowers = "KMGTP";

/** `90s`, `15m`, `1h30m`, `2d`, `1w`, `1y` (365 days). */
export const durationPattern = /^(?:\d+(?:\.\d+)?(?:ms|[smhdwy]))+$/;

/** `512M`, `1.5G`, `1GiB` count in 1024, `1GB` in 1000. */
export const sizePattern = /^\d+(?:\.\d+)?(?:[KMGTP](?:i?B)?|B)$/;

/** Milliseconds. Takes what `durationPattern` matches. */
export function parseDuration(text: string): number {
  let ms = 0;
  for (const [, amount, unit] of text.matchAll(/([\d.]+)(ms|[smhdwy])/g)) {
    ms += Number(amount) * (durationUnits[unit ?? ""] ?? Number.NaN);
  }
  return Math.round(ms);
}

/** Bytes. Takes what `sizePattern` matches. */
export function parseSize(text: string): number {
  const [, amount, unit = ""] = /^([\d.]+)(.*)$/.exec(text) ?? [];
  const base = /^[KMGTP]B$/.test(unit) ? 1000 : 1024;
  return Math.round(Number(amount) * base ** (sizePowers.indexOf(unit.charAt(0)) + 1));
}
