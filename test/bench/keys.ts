import { setTimeout as sleep } from "node:timers/promises";
import type { Measurement } from "./bench.ts";
import type { Cleanup } from "./cleanup.ts";
import { openCockpitOn, showsHosts } from "./cockpit-on.ts";
import type { Crowd } from "./crowd.ts";
import type { Screen } from "./screen.ts";
import { median, toTime } from "./timing.ts";

const limits = { paintMs: 50, bytes: 1024 };
const servicesOfHost = 20;
/** Rows that are seen at that size, and how many moves stay among them. */
const [seenRows, inPage] = [23, 15];

/** How soon a key is seen while hundreds of hosts are watched, and what it sends. */
export async function measureKeys(
  crowd: Crowd,
  folder: string,
  isQuick: boolean,
  cleanup: Cleanup,
): Promise<{ readonly lines: readonly Measurement[]; readonly notes: readonly string[] }> {
  const screen = openCockpitOn(crowd, folder, cleanup);
  await screen.until(showsHosts, 30_000);
  screen.type("3");
  const rows = crowd.count * servicesOfHost;
  await screen.until((lines) => placeIn(lines)?.[1] === rows, 300_000);
  // The first round of questions is not what people live with.
  await sleep(isQuick ? 10_000 : 30_000);
  const count = isQuick ? 40 : 200;
  const live = await press(screen, count);
  screen.type("p");
  await sleep(2_000);
  screen.type("g");
  await screen.until((lines) => placeIn(lines)?.[0] === 1, 10_000);
  const still = await press(screen, inPage);
  // To the last row that is seen: from there on every move scrolls.
  for (let at = inPage + 2; at <= seenRows; at++) await move(screen, "j", at);
  const scrolled = await press(screen, isQuick ? 5 : 20);
  const times = live.map(({ ms }) => ms);
  const p95 = quantile(times, 0.95);
  return {
    lines: [
      {
        what: `key to paint, ${crowd.count} hosts × ${servicesOfHost} services, p95`,
        ours: toTime(p95),
        theirs: "",
        figure: toTime(p95),
        target: `≤ ${limits.paintMs} ms`,
        isMet: p95 <= limits.paintMs,
      },
      bytesLine("a cursor move at 120×40", still),
      bytesLine("a cursor move that scrolls at 120×40", scrolled),
    ],
    notes: [
      `key to paint: from the key to the frame that has the cursor on the next of ${rows} workloads, all hosts watched; ${count} keys, median ${toTime(median(times))}, most ${toTime(Math.max(...times))}`,
      "a cursor move: all bytes until nothing more comes, on workloads, while nothing is refreshed",
    ],
  };
}

function bytesLine(what: string, moves: readonly Moved[]): Measurement {
  const bytes = moves.map((moved) => moved.bytes);
  const most = Math.max(...bytes);
  return {
    what,
    ours: `${median(bytes)} bytes`,
    theirs: "",
    figure: `${median(bytes)} bytes, at most ${most}`,
    target: `≤ ${limits.bytes} bytes`,
    isMet: most <= limits.bytes,
  };
}

interface Moved {
  readonly ms: number;
  readonly bytes: number;
}

/** Down, each time when the one before is long seen. */
async function press(screen: Screen, count: number): Promise<readonly Moved[]> {
  const moves: Moved[] = [];
  for (let time = 0; time < count; time++) {
    const [at = 0] = placeIn(screen.lines()) ?? [];
    const sent = screen.bytes();
    const ms = await move(screen, "j", at + 1);
    // Not in step with any clock of the product.
    await sleep(200 + Math.random() * 100);
    moves.push({ ms, bytes: screen.bytes() - sent });
  }
  return moves;
}

async function move(screen: Screen, key: string, to: number): Promise<number> {
  const pressedAt = performance.now() - screen.startedAt;
  screen.type(key);
  return (await screen.until((lines) => placeIn(lines)?.[0] === to, 10_000)) - pressedAt;
}

/** Where the list says the cursor is, and of how many rows. */
function placeIn(lines: readonly string[]): readonly [at: number, of: number] | undefined {
  for (const line of lines) {
    const [, at, of] = /─ (\d+)\/(\d+) ─/.exec(line) ?? [];
    if (at !== undefined) return [Number(at), Number(of)];
  }
  return undefined;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
