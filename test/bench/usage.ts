import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { CannotMeasure } from "./bench.ts";

/** What some processes use together. */
export interface UsageOfProcesses {
  /** Of one processor. */
  readonly cpuRatio: number;
  readonly rssBytes: number;
}

/** Linux counts a process's time in these, on every machine that Node.js runs on. */
const ticksPerSecond = 100;

/** A process and all that it started, and what these did. */
export function processesUnder(pid: number): readonly number[] {
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), Number(statOf(Number(name))?.[1])] as const);
  const found = [pid];
  // It grows while it is walked.
  for (const parent of found)
    for (const [child, above] of parents) if (above === parent && child !== parent) found.push(child);
  return found;
}

/** What these processes use from now on, as long as is looked. */
export async function watchUsage(pids: readonly number[], spanMs: number): Promise<UsageOfProcesses> {
  const before = secondsOf(pids);
  const startedAt = performance.now();
  await sleep(spanMs);
  const seconds = (performance.now() - startedAt) / 1000;
  const rssBytes = pids.reduce((sum, pid) => sum + rssOf(pid), 0);
  return { cpuRatio: (secondsOf(pids) - before) / seconds, rssBytes };
}

/** How long these processes had a processor so far. */
function secondsOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const stat = statOf(pid);
    if (!stat) throw new CannotMeasure(`process ${pid} ended while it was watched`);
    const ticks = Number(stat[11]) + Number(stat[12]);
    // Ticks have the threads that ended, the others the part of a tick that is all that a quiet process uses.
    return sum + Math.max(ticks / ticksPerSecond, secondsOfThreads(pid));
  }, 0);
}

/** Of the threads that live, from the nanoseconds of the scheduler; 0 where the kernel does not tell. */
function secondsOfThreads(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8"))
      .reduce((sum, stat) => sum + Number(stat.split(" ")[0]) / 1e9, 0);
  } catch {
    return 0;
  }
}

/** The fields after the name, which may contain anything: see proc(5). */
function statOf(pid: number): readonly string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
  } catch {
    return undefined;
  }
}

function rssOf(pid: number): number {
  const [, kibibytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kibibytes ?? 0) * 1024;
}

export const toMegabytes = (bytes: number): number => Math.round(bytes / 2 ** 20);

export const toCpu = (ratio: number): string => `${(ratio * 100).toFixed(1)} %`;
