// Loaded into a process of the product by `--import`: writes down what it holds and how late its event loop is.
// Plain JavaScript, so that nothing else is loaded with it.
import { renameSync, writeFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { isMainThread } from "node:worker_threads";

const file = process.env.SCRAP_BENCH_GAUGE;

if (isMainThread && file) {
  const resolutionMs = 10;
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  let mostBytes = 0;
  let cpu = process.cpuUsage();
  let sinceMs = performance.now();
  process.on("SIGUSR2", () => {
    delay.reset();
    mostBytes = 0;
    cpu = process.cpuUsage();
    sinceMs = performance.now();
  });
  setInterval(() => {
    const rssBytes = process.memoryUsage.rss();
    mostBytes = Math.max(mostBytes, rssBytes);
    const { user, system } = process.cpuUsage(cpu);
    const heldMs = performance.now() - sinceMs;
    // The histogram has the time between two looks, which is the resolution when nothing is late.
    const late = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - resolutionMs);
    const now = {
      pid: process.pid,
      heldMs,
      rssBytes,
      mostBytes,
      lateP50Ms: late(delay.percentile(50)),
      lateP99Ms: late(delay.percentile(99)),
      lateMostMs: late(delay.max),
      busyRatio: (user + system) / 1000 / heldMs,
    };
    writeFileSync(`${file}.new`, JSON.stringify(now));
    renameSync(`${file}.new`, file);
  }, 1000).unref();
}
