import { type Bench, CannotMeasure, type Measurement } from "./bench.ts";
import { createCleanup } from "./cleanup.ts";
import { describeFleet, type Fleet, startFleet } from "./fleet.ts";
import { environmentIn, scrapFor } from "./product.ts";
import { timeAnsible, timeClush } from "./rivals.ts";
import { hostsShown, openScreen } from "./screen.ts";
import { median, toRange } from "./timing.ts";

/** Fifty hosts that nobody is connected to, from the start of the command. */
export const cold: Bench = {
  name: "cold",
  async *run({ isQuick, hosts }, cleanup) {
    const fleet = await startFleet(hosts, cleanup);
    const folder = cleanup.folder();
    const ours: number[] = [];
    const clush: number[] = [];
    // Neither side pays for what is only read from the disk the first time.
    await timeClush(fleet);
    await timeStatus(fleet, folder);
    for (let round = 0; round < (isQuick ? 1 : 3); round++) {
      clush.push(await timeClush(fleet));
      ours.push(await timeStatus(fleet, folder));
    }
    const ansible = await attempt(() => timeAnsible(fleet, cleanup));
    const shown = `cold, ${hosts} hosts until fast facts are shown`;
    yield {
      lines: [
        typeof ansible === "string"
          ? { what: `${shown}, ansible -m setup`, why: ansible }
          : compare(`${shown}, ansible -m setup`, ours, [ansible], "faster", 3),
        compare(`${shown}, clush uptime`, ours, clush, "as long", 1.3),
      ],
      notes: [
        "ours: scrap status --watch in a terminal, from the start of bin/scrap until a drawn frame has load, memory and",
        "  uptime of every host; whoever has these was connected to, and every tool of every backend was looked for",
        describeFleet(fleet),
        `theirs: the program from start to end, with ${hosts} at a time, of the same hosts in turns with ours`,
      ],
    };
  },
};

/** From the start of the process to the frame that shows all hosts. */
export async function timeStatus(fleet: Fleet, folder: string, hosts = fleet.places.length): Promise<number> {
  const cleanup = createCleanup();
  try {
    const argv = scrapFor(fleet, "status", "--watch");
    const size = { rows: fleet.places.length + 30, columns: 120 };
    const screen = openScreen(argv, { ...size, env: environmentIn(folder) }, cleanup);
    return await screen.until((lines) => hostsShown(lines) >= hosts, 120_000);
  } finally {
    await cleanup.run();
  }
}

async function attempt(work: () => Promise<number>): Promise<number | string> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CannotMeasure) return error.message;
    throw error;
  }
}

function compare(
  what: string,
  ours: readonly number[],
  theirs: readonly number[],
  how: "faster" | "as long",
  limit: number,
): Measurement {
  const ratio = how === "faster" ? median(theirs) / median(ours) : median(ours) / median(theirs);
  return {
    what,
    ours: toRange(ours),
    theirs: toRange(theirs),
    figure: how === "faster" ? `${ratio.toFixed(1)} times faster` : `${ratio.toFixed(2)} times as long`,
    target: how === "faster" ? `≥ ${limit}` : `≤ ${limit}`,
    isMet: how === "faster" ? ratio >= limit : ratio <= limit,
  };
}
