import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Bench } from "./bench.ts";
import { type Cleanup, createCleanup } from "./cleanup.ts";
import { type Gauge, gaugedInto, readGauge, resetGauge } from "./gauge.ts";
import { environmentIn, scrapFor } from "./product.ts";
import { openScreen } from "./screen.ts";
import { type Simulation, simulateHosts } from "./simulate.ts";
import { toTime } from "./timing.ts";

const limits = { rssMegabytes: 200, lateMs: 50 };

/** Many hosts looked after for a while, by transport and observer alone and with the screen. */
export const hold: Bench = {
  name: "hold",
  async *run({ isQuick, held }, cleanup) {
    const simulation = await simulateHosts(held, cleanup);
    const folder = cleanup.folder();
    const program = await bundleHolder(folder);
    const heldMs = isQuick ? 15_000 : 75_000;
    const alone = await watchBy(simulation, held, heldMs, folder, (env, end) => {
      const child = spawn(process.execPath, [program, simulation.inventory, simulation.sshConfig], {
        env,
        stdio: ["ignore", "inherit", "inherit"],
      });
      const ended = once(child, "close");
      end.add(async () => {
        child.kill();
        await ended;
      });
    });
    await simulation.until(({ connections }) => connections === 0, 30_000);
    const onScreen = await watchBy(simulation, held, heldMs, folder, (env, end) => {
      openScreen(scrapFor(simulation, "status", "--watch"), { rows: 50, columns: 120, env }, end);
    });
    const line = (what: string, figure: string, target: string, isMet: boolean) => ({
      what: `${held} simulated hosts held, ${what}`,
      ours: figure,
      theirs: "",
      figure,
      target,
      isMet,
    });
    const megabytes = toMegabytes(alone.gauge.mostBytes);
    const { lateP99Ms } = alone.gauge;
    const isHeld = alone.connections === held;
    yield {
      lines: [
        line(
          "memory",
          `${megabytes} MB`,
          `≤ ${limits.rssMegabytes} MB`,
          isHeld && megabytes <= limits.rssMegabytes,
        ),
        line("lag p99", toTime(lateP99Ms), `≤ ${limits.lateMs} ms`, isHeld && lateP99Ms <= limits.lateMs),
      ],
      notes: [
        "transport and observer of the product, all probes of all backends at the default refresh, in a process of their own; the most resident memory:",
        `  ${describe(alone)}`,
        "scrap status --watch of the same hosts, which draws them, too:",
        `  ${describe(onScreen)}`,
        `the hosts are ${simulation.scenes.join(", ")} in turns, simulated by another process from recordings`,
      ],
    };
  },
};

interface Held {
  readonly gauge: Gauge;
  readonly connecting: Gauge;
  readonly connectedMs: number;
  readonly connections: number;
  readonly answersPerSecond: number;
}

/** Starts something that watches all hosts, waits until it has asked them all, and looks at it for a while. */
async function watchBy(
  simulation: Simulation,
  held: number,
  heldMs: number,
  folder: string,
  start: (env: Record<string, string | undefined>, end: Cleanup) => void,
): Promise<Held> {
  const end = createCleanup();
  const file = join(folder, `gauge-${performance.now()}.json`);
  const { connected } = simulation.counts();
  const startedAt = performance.now();
  try {
    start({ ...environmentIn(folder), ...gaugedInto(file) }, end);
    await simulation.until((counts) => counts.connected - connected >= held, 300_000);
    const connectedMs = performance.now() - startedAt;
    const connecting = await readGauge(file);
    // The first round of questions is not what holding costs.
    await settle(simulation);
    await sleep(10_000);
    await resetGauge(file);
    const before = simulation.counts().answers;
    await sleep(heldMs);
    const gauge = await readGauge(file);
    const counts = simulation.counts();
    const answersPerSecond = (counts.answers - before) / (heldMs / 1000);
    return { gauge, connecting, connectedMs, connections: counts.connections, answersPerSecond };
  } finally {
    await end.run();
  }
}

/** Until everybody has been asked everything once: until half as many answers come as in the busiest time. */
async function settle({ counts }: Simulation): Promise<void> {
  let [last, most] = [counts().answers, 0];
  for (let times = 0; times < 36; times++) {
    await sleep(5000);
    const now = counts().answers - last;
    last += now;
    if (now < most / 2) return;
    most = Math.max(most, now);
  }
}

/** Bundled as the product is: reading TypeScript takes memory of its own. */
async function bundleHolder(folder: string): Promise<string> {
  const outfile = join(folder, "holder.mjs");
  await build({
    entryPoints: [fileURLToPath(new URL("holder.ts", import.meta.url))],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    external: ["*.node", "cpu-features"],
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url); const __dirname = import.meta.dirname;',
    },
    logLevel: "error",
  });
  return outfile;
}

const toMegabytes = (bytes: number) => Math.round(bytes / 2 ** 20);

const describe = ({ gauge, connecting, connectedMs, connections, answersPerSecond }: Held) =>
  `${toMegabytes(gauge.mostBytes)} MB, lag p50 ${toTime(gauge.lateP50Ms)}, p99 ${toTime(gauge.lateP99Ms)}, most ${toTime(gauge.lateMostMs)}, ` +
  `${(gauge.busyRatio * 100).toFixed(0)} % busy with ${answersPerSecond.toFixed(0)} answers a second of ${connections} hosts for ${toTime(gauge.heldMs)}; ` +
  `before, all asked after ${toTime(connectedMs)} (p99 ${toTime(connecting.lateP99Ms)})`;
