import { setTimeout as sleep } from "node:timers/promises";
import { defaultSettings } from "../../src/settings/schema.ts";
import { type Bench, CannotMeasure } from "./bench.ts";
import { createCleanup } from "./cleanup.ts";
import { labHost, probeCostsOn } from "./costs-on.ts";
import { formatCosts, perHour } from "./probe-costs.ts";
import { difference, openMeter, total, type Usage } from "./processor-time.ts";
import { environmentIn, scrapFor } from "./product.ts";
import { hostsShown, openScreen } from "./screen.ts";

const limit = 36;
const refreshMs = defaultSettings["watch.refreshSeconds"] * 1000;

/** What it costs a host that somebody looks at it. */
export const work: Bench = {
  name: "work",
  async *run({ isQuick, minutes }, cleanup) {
    if (!labHost) throw new CannotMeasure("the lab is not up: npm run lab up");
    const { name: host } = labHost;
    const costs = await probeCostsOn(host, labHost, isQuick ? 2 : 10);
    const itemised = costs.reduce((sum, cost) => sum + perHour(cost, refreshMs), 0);

    // What ended with that session is not a part of the quiet time.
    await sleep(5000);
    const meter = await openMeter(host, labHost.sshConfig, cleanup);
    const spanMs = minutes * 60_000;
    const span = async () => {
      const before = await meter.read();
      await sleep(spanMs);
      return difference(before, await meter.read());
    };
    const idle = await span();
    const watching = createCleanup();
    let watched: Usage;
    try {
      const env = environmentIn(cleanup.folder());
      const argv = scrapFor(labHost, "status", "--watch", host);
      const screen = openScreen(argv, { rows: 40, columns: 120, env }, watching);
      await screen.until((lines) => hostsShown(lines) === 1, 60_000);
      // Logging in and what is asked once a day are not what an hour costs.
      await sleep(isQuick ? 5_000 : 30_000);
      watched = await span();
    } finally {
      await watching.run();
    }
    const extra = difference(idle, watched);
    // What is asked more rarely than we looked is not in what we saw, or by chance.
    const rare = costs.filter(({ freshMs }) => freshMs > spanMs);
    const rarely = rare.reduce((sum, cost) => sum + perHour(cost, refreshMs), 0);
    const measured = (total(extra) * 3_600_000) / spanMs + rarely;
    const line = (what: string, seconds: number) => ({
      what: `work on ${host}, ${what}`,
      ours: `${seconds.toFixed(1)} CPU s`,
      theirs: "",
      figure: `${seconds.toFixed(1)} CPU s an hour`,
      target: `≤ ${limit}`,
      isMet: seconds <= limit,
    });
    yield {
      lines: [line("the sum of its probes", itemised), line("measured", measured)],
      notes: [
        `measured: all control groups of ${host} for ${minutes} min with scrap status --watch at its default refresh of ${refreshMs / 1000} s, less`,
        `  the same time without, for an hour; and ${rarely.toFixed(1)} CPU s of what is asked more rarely than that. By group, in CPU s of that time:`,
        ...formatUsage(extra),
        "probe by probe: its exact words, done by the host's shell several times; what a daemon does for it is above only:",
        ...formatCosts(costs, refreshMs),
      ],
    };
  },
};

const formatUsage = (usage: Usage): readonly string[] =>
  [...usage]
    .filter(([, seconds]) => Math.abs(seconds) >= 0.02)
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 12)
    .map(([group, seconds]) => `  ${seconds.toFixed(2).padStart(7)}  ${group}`);
