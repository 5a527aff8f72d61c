import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { CannotMeasure } from "./bench.ts";

/** What `gauge.mjs` writes down of the process it was loaded into, since it was last reset. */
export interface Gauge {
  readonly pid: number;
  readonly heldMs: number;
  readonly rssBytes: number;
  readonly mostBytes: number;
  readonly lateP50Ms: number;
  readonly lateP99Ms: number;
  readonly lateMostMs: number;
  readonly busyRatio: number;
}

/** Variables with which a Node.js writes its gauge into `file`. */
export const gaugedInto = (file: string): Record<string, string> => ({
  NODE_OPTIONS: `--import=${fileURLToPath(new URL("gauge.mjs", import.meta.url))}`,
  SCRAP_BENCH_GAUGE: file,
});

export async function readGauge(file: string): Promise<Gauge> {
  for (let tries = 0; !existsSync(file); tries++) {
    if (tries > 100) throw new CannotMeasure("the process that is watched says nothing");
    await sleep(100);
  }
  return JSON.parse(readFileSync(file, "utf8"));
}

/** Begins anew: what was before is not counted. */
export async function resetGauge(file: string): Promise<void> {
  process.kill((await readGauge(file)).pid, "SIGUSR2");
}
