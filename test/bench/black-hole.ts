import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { isComplete, type State } from "../../src/model/state.ts";
import type { Bench, Measurement } from "./bench.ts";
import { type Cleanup, createCleanup } from "./cleanup.ts";
import { timeStatus } from "./cold.ts";
import { type Fleet, startFleet } from "./fleet.ts";
import { openProduct } from "./product.ts";
import { median, toRange, toTime } from "./timing.ts";

const limit = 1.2;

/** One of the hosts lets connections in and never says a word. */
export const blackHole: Bench = {
  name: "black-hole",
  async *run({ isQuick, hosts }, cleanup) {
    const fleet = await startFleet(hosts, cleanup);
    const holed = await withBlackHole(fleet, cleanup);
    const folder = cleanup.folder();
    const shown = { without: [] as number[], with: [] as number[] };
    const known = { without: [] as number[], with: [] as number[] };
    await timeStatus(fleet, folder);
    for (let round = 0; round < (isQuick ? 1 : 3); round++) {
      shown.without.push(await timeStatus(fleet, folder, hosts - 1));
      shown.with.push(await timeStatus(holed, folder, hosts - 1));
      known.without.push(await timeOnce(fleet, hosts - 1));
      known.with.push(await timeOnce(holed, hosts - 1));
    }
    yield {
      lines: [
        compare(`one of ${hosts} black-holed, the others shown`, shown),
        compare(`one of ${hosts} black-holed, the others known`, known),
      ],
      notes: [
        `shown: scrap status --watch, until a drawn frame has the fast facts of ${hosts - 1} hosts`,
        `known: asked once, until ${hosts - 1} hosts have answered every probe`,
        `theirs: the same without the black hole, in turns`,
        `the command that prints once waits for the silent host besides: until it is given up after ${toTime(giveUpMs)} (ConnectTimeout)`,
      ],
    };
  },
};

const giveUpMs = 10_000;

/** The same places, but the last one accepts connections and stays silent. */
async function withBlackHole(fleet: Fleet, cleanup: Cleanup): Promise<Fleet> {
  const last = fleet.places.at(-1);
  if (!last) throw new RangeError("a fleet has places");
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(last.port + 1, last.address, resolve));
  cleanup.add(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const sshConfig = join(fleet.folder, "ssh_config_black_hole");
  const redirect = `Host ${last.name}\n  Port ${last.port + 1}\n  ConnectTimeout ${giveUpMs / 1000}\n`;
  writeFileSync(sshConfig, `${redirect}${readFileSync(fleet.sshConfig, "utf8")}`, { mode: 0o600 });
  return { ...fleet, sshConfig };
}

/** Until so many hosts have answered every question once. */
async function timeOnce(fleet: Fleet, hosts: number): Promise<number> {
  const cleanup = createCleanup();
  try {
    const startedAt = performance.now();
    const { inventory, observer, store } = await openProduct(fleet, cleanup);
    const stop = new AbortController();
    const done = new Promise<number>((resolve) =>
      store.subscribe(() => {
        if (completeHosts(store.get()) >= hosts) resolve(performance.now() - startedAt);
      }),
    );
    const asked = observer.once([...inventory.hosts.keys()], stop.signal);
    const ms = await Promise.race([done, asked.then(() => Number.POSITIVE_INFINITY)]);
    stop.abort();
    await asked;
    return ms;
  } finally {
    await cleanup.run();
  }
}

const completeHosts = ({ hosts }: State) => [...hosts.values()].filter(isComplete).length;

function compare(what: string, times: { readonly without: number[]; readonly with: number[] }): Measurement {
  const ratio = median(times.with) / median(times.without);
  return {
    what,
    ours: toRange(times.with),
    theirs: toRange(times.without),
    figure: `${ratio.toFixed(2)} times as long`,
    target: `≤ ${limit}`,
    isMet: ratio <= limit,
  };
}
