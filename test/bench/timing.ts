import { type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { CannotMeasure } from "./bench.ts";

export interface Timed {
  readonly ms: number;
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program from start to end. It is killed after `timeoutMs`. Throws `CannotMeasure` when it is not installed. */
export async function timeProgram(
  [program, ...args]: readonly [string, ...string[]],
  { timeoutMs = 120_000, ...options }: SpawnOptions & { readonly timeoutMs?: number } = {},
): Promise<Timed> {
  const startedAt = performance.now();
  const child = spawn(program, args, {
    ...options,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: timeoutMs,
    killSignal: "SIGKILL",
  });
  const ended = once(child, "close") as Promise<[number | null]>;
  const failed = once(child, "error").then(([error]: { code?: string }[]) => {
    throw error?.code === "ENOENT" ? new CannotMeasure(`${program} is not installed`) : error;
  });
  const [[exitCode], stdout, stderr] = await Promise.race([
    Promise.all([ended, text(child.stdout ?? []), text(child.stderr ?? [])]),
    failed,
  ]);
  return { ms: performance.now() - startedAt, exitCode, stdout, stderr };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

export const toTime = (ms: number): string =>
  ms < 100 ? `${ms.toFixed(1)} ms` : ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(2)} s`;

/** The middle, and how far it went to both sides: `61.0 ms (52.1 ms … 80.4 ms)`. */
export const toRange = (values: readonly number[]): string =>
  values.length === 1
    ? toTime(values[0] ?? Number.NaN)
    : `${toTime(median(values))} (${toTime(Math.min(...values))} … ${toTime(Math.max(...values))})`;
