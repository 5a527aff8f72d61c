import type { Period, ServiceLevel } from "../inventory/service-level.ts";

/** In ms since the epoch. */
export type Span = readonly [from: number, to: number];

/** When a service was seen up, when it was seen down, and when we took it down ourselves. */
export interface Watched {
  readonly up: readonly Span[];
  readonly down: readonly Span[];
  readonly planned: readonly Span[];
}

/** How much of what it may be down a service has used since the period began. */
export interface Budget {
  readonly allowedMs: number;
  readonly per: Period;
  /** At least: what nobody saw is not counted. */
  readonly spentMs: number;
  readonly plannedMs: number;
  /** Of the period so far, how much was somebody looking. */
  readonly watchedRatio: number;
}

/** What is missing between two looks, and to this moment, is no gap. */
export const blinkMs = 3 * 60_000;

/** Undefined where nothing was promised, or nobody looked in this period at all. */
export function budgetOf(
  sla: ServiceLevel | undefined,
  watched: Watched | undefined,
  now: number,
): Budget | undefined {
  if (sla?.downtimeMs === undefined || !watched) return undefined;
  const per = sla.downtimePer ?? "month";
  const period: Span = [beginOf(per, now), now];
  const within = (...all: readonly (readonly Span[])[]) => lengthOf(unite(all.flat()), period);
  const watchedMs = within(watched.up, watched.down, watched.planned);
  if (watchedMs === 0) return undefined;
  const soFarMs = Math.max(1, now - period[0]);
  return {
    allowedMs: sla.downtimeMs,
    per,
    spentMs: within(watched.down, watched.planned),
    plannedMs: within(watched.planned),
    watchedRatio: soFarMs - watchedMs <= blinkMs ? 1 : watchedMs / soFarMs,
  };
}

/** When the period began that this moment is in, by the calendar of UTC, weeks on Monday. */
export function beginOf(per: Period, now: number): number {
  const date = new Date(now);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  switch (per) {
    case "day":
      return Date.UTC(year, month, day);
    case "week":
      return Date.UTC(year, month, day - ((date.getUTCDay() + 6) % 7));
    case "month":
      return Date.UTC(year, month);
    case "year":
      return Date.UTC(year, 0);
    default:
      return per satisfies never;
  }
}

/** In order, and none touches another. */
export function unite(spans: readonly Span[]): readonly Span[] {
  const united: [number, number][] = [];
  for (const [from, to] of spans.toSorted((a, b) => a[0] - b[0])) {
    const last = united.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else united.push([from, to]);
  }
  return united;
}

const lengthOf = (spans: readonly Span[], [begin, end]: Span): number =>
  spans.reduce((sum, [from, to]) => sum + Math.max(0, Math.min(to, end) - Math.max(from, begin)), 0);

export const mergeWatched = (a: Watched, b: Watched): Watched => ({
  up: unite([...a.up, ...b.up]),
  down: unite([...a.down, ...b.down]),
  planned: unite([...a.planned, ...b.planned]),
});
