import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { CannotMeasure, type Measurement, type Outcome, type Unmeasured } from "./bench.ts";
import { type Cleanup, createCleanup } from "./cleanup.ts";
import { isAllSeen, openCockpitOn, size } from "./cockpit-on.ts";
import type { Crowd } from "./crowd.ts";
import { startFleet } from "./fleet.ts";
import { openScreen } from "./screen.ts";
import { timeProgram } from "./timing.ts";
import { processesUnder, toCpu, toMegabytes, type UsageOfProcesses, watchUsage } from "./usage.ts";

const limit = 0.03;

/** What it costs to leave it open, and what other programs that show machines cost. */
export async function* measureRest(crowd: Crowd, folder: string, isQuick: boolean): AsyncIterable<Outcome> {
  const spanMs = isQuick ? 10_000 : 60_000;
  const ours = await during(async (end) => {
    const screen = openCockpitOn(crowd, folder, end);
    await screen.until(isAllSeen, 120_000);
    // The first round of questions, and what is made of it.
    await sleep(isQuick ? 10_000 : 30_000);
    return watchUsage(programOf(screen.pid), spanMs);
  });
  yield {
    lines: [
      {
        what: `CPU with ${crowd.count} hosts watched, no key touched`,
        ours: toCpu(ours.cpuRatio),
        theirs: "",
        figure: `${toCpu(ours.cpuRatio)} of a core`,
        target: `≤ ${limit * 100} %`,
        isMet: ours.cpuRatio <= limit,
      },
    ],
    notes: [
      `no key touched: for ${spanMs / 1000} s at the default refresh; the hosts are another process, and their load moves; this machine's load was ${loadavg()[0]?.toFixed(1)}`,
    ],
  };
  const beside = (what: string, theirs: UsageOfProcesses): Measurement => ({
    what: `cockpit with ${crowd.count} hosts, ${what}`,
    ours: describe(ours),
    theirs: describe(theirs),
    figure: `${(ours.cpuRatio / theirs.cpuRatio).toFixed(2)} times the CPU, ${(ours.rssBytes / theirs.rssBytes).toFixed(2)} times the memory`,
    target: "beside",
    isMet: true,
  });
  for (const [what, run] of others(crowd.count, isQuick ? 5_000 : 30_000))
    yield { lines: [await attempt(what, async () => beside(what, await during(run)))], notes: [] };
  yield {
    lines: [],
    notes: [
      "beside: btop and glances show one machine, this one; of ssh -t top the clients are counted, not what runs on the hosts",
    ],
  };
}

const others = (
  count: number,
  spanMs: number,
): readonly (readonly [what: string, run: (end: Cleanup) => Promise<UsageOfProcesses>])[] => [
  ["btop", (end) => watchProgram(["btop"], spanMs, end)],
  ["glances", (end) => watchProgram(["glances"], spanMs, end)],
  [`ssh -t top on ${count}`, (end) => watchTops(count, spanMs, end)],
];

async function watchProgram(
  argv: readonly [string],
  spanMs: number,
  end: Cleanup,
): Promise<UsageOfProcesses> {
  await timeProgram([...argv, "--version"], { timeoutMs: 20_000 });
  const screen = openScreen(argv, { ...size, env: {} }, end);
  await screen.until((lines) => lines.filter(Boolean).length > 10, 30_000);
  await sleep(5_000);
  return watchUsage(programOf(screen.pid), spanMs);
}

async function watchTops(count: number, spanMs: number, end: Cleanup): Promise<UsageOfProcesses> {
  const { places, sshConfig } = await startFleet(count, end);
  const screens = places.map(({ name }) =>
    openScreen(["ssh", "-F", sshConfig, "-t", name, "top"], { ...size, env: {} }, end),
  );
  for (const screen of screens) await screen.until((lines) => lines.filter(Boolean).length > 10, 120_000);
  await sleep(2_000);
  return watchUsage(
    screens.flatMap(({ pid }) => programOf(pid)),
    spanMs,
  );
}

/** Without `script`, which is not a part of it. */
const programOf = (pid: number) => processesUnder(pid).slice(1);

async function during<Result>(run: (end: Cleanup) => Promise<Result>): Promise<Result> {
  const end = createCleanup();
  try {
    return await run(end);
  } finally {
    await end.run();
  }
}

async function attempt(what: string, run: () => Promise<Measurement>): Promise<Measurement | Unmeasured> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof CannotMeasure) return { what, why: error.message };
    throw error;
  }
}

const describe = ({ cpuRatio, rssBytes }: UsageOfProcesses) =>
  `${toCpu(cpuRatio)}, ${toMegabytes(rssBytes)} MB`;
