import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { CannotMeasure, type Measurement } from "./bench.ts";
import type { Cleanup } from "./cleanup.ts";
import { isAllSeen, openCockpitOn } from "./cockpit-on.ts";
import type { Crowd } from "./crowd.ts";
import type { Screen } from "./screen.ts";
import { processesUnder } from "./usage.ts";

const limit = 0.05;

/** What stays in memory of many frames, while all hosts are watched. */
export async function measureHeap(
  crowd: Crowd,
  folder: string,
  isQuick: boolean,
  cleanup: Cleanup,
): Promise<{ readonly lines: readonly Measurement[]; readonly notes: readonly string[] }> {
  const [few, many] = isQuick ? [100, 1_000] : [500, 5_000];
  const file = join(cleanup.folder(), "heap");
  const screen = openCockpitOn(crowd, folder, cleanup, {
    NODE_OPTIONS: `--import=${fileURLToPath(new URL("heap.mjs", import.meta.url))}`,
    SCRAP_BENCH_HEAP: file,
  });
  await screen.until(isAllSeen, 120_000);
  await sleep(10_000);
  await draw(screen, few);
  const before = await heapOf(screen, file);
  const startedAt = performance.now();
  await draw(screen, many - few);
  const seconds = (performance.now() - startedAt) / 1000;
  const after = await heapOf(screen, file);
  const growth = after / before - 1;
  const figure = `${growth < 0 ? "" : "+"}${(growth * 100).toFixed(1)} %`;
  return {
    lines: [
      {
        what: `heap after ${many} frames, after ${few}`,
        ours: toSize(after),
        theirs: toSize(before),
        figure,
        target: `≤ +${limit * 100} %`,
        isMet: growth <= limit,
      },
    ],
    notes: [
      `heap: what is used after a collection, the least of five; a frame for each key, ${seconds.toFixed(0)} s between the two, ${crowd.count} hosts watched`,
    ],
  };
}

/** So many frames: the cursor goes down and up again, and each move is awaited. */
async function draw(screen: Screen, frames: number): Promise<void> {
  for (let frame = 0; frame < frames; frame++) {
    const sent = screen.bytes();
    screen.type(frame % 2 === 0 ? "j" : "k");
    await screen.until(() => screen.bytes() > sent, 10_000);
  }
}

/** The least of some looks: between two answers, a part of what was known before is still held beside what is known now. */
async function heapOf(screen: Screen, file: string): Promise<number> {
  const looks: number[] = [];
  for (let time = 0; time < 5; time++) {
    looks.push(await lookAtHeap(screen, file));
    await sleep(1_000);
  }
  return Math.min(...looks);
}

async function lookAtHeap(screen: Screen, file: string): Promise<number> {
  rmSync(file, { force: true });
  const pid = processesUnder(screen.pid).at(-1);
  if (pid !== undefined) process.kill(pid, "SIGUSR2");
  for (let time = 0; time < 100 && !existsSync(file); time++) await sleep(100);
  if (!existsSync(file)) throw new CannotMeasure("the heap was not told");
  return Number(readFileSync(file, "utf8"));
}

const toSize = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MB`;
