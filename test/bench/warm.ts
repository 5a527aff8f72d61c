import { load, memory } from "../../src/backends/host/probes.ts";
import { mounts } from "../../src/backends/storage/filesystem/probes.ts";
import { arrays } from "../../src/backends/storage/mdadm/probes.ts";
import type { Link } from "../../src/transport/transport.ts";
import type { Bench } from "./bench.ts";
import { labHost, probeCostsHere, probeCostsOn } from "./costs-on.ts";
import { describeFleet, startFleet } from "./fleet.ts";
import { openProduct } from "./product.ts";
import { timeClush } from "./rivals.ts";
import { median, toRange } from "./timing.ts";

const asked = [load, memory, mounts, arrays] as const;
const target = 50;

/** Fifty hosts that are connected already, asked again. */
export const warm: Bench = {
  name: "warm",
  async *run({ isQuick, hosts }, cleanup) {
    const fleet = await startFleet(hosts, cleanup);
    const { transport } = await openProduct(fleet, cleanup);
    const links = fleet.places.map(({ name }) => transport.link(name));
    await Promise.all(links.map((link) => link.open()));
    // The first answer of a shell contains its start.
    await sweep(links);

    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < (isQuick ? 1 : 3); round++) {
      theirs.push(await timeClush(fleet));
      for (let time = 0; time < 5; time++) ours.push(await sweep(links));
    }
    const rounds = isQuick ? 2 : 10;
    const costs = await (labHost ? probeCostsOn(labHost.name, labHost, rounds) : probeCostsHere(rounds));
    const slow = costs.filter(({ isFast }) => !isFast);
    const ratio = median(theirs) / median(ours);
    yield {
      lines: [
        {
          what: `warm fast sweep of ${hosts} hosts, clush uptime`,
          ours: toRange(ours),
          theirs: toRange(theirs),
          figure: `${ratio.toFixed(0)} times faster`,
          target: `≥ ${target}`,
          isMet: ratio >= target,
        },
      ],
      notes: [
        `ours: ${asked.map(({ id }) => id).join(", ")} asked of all ${hosts} at once on open connections, until the last answer is parsed`,
        `theirs: clush -f ${hosts} uptime, from start to end of the program, of the same hosts in turns with ours`,
        describeFleet(fleet),
        `slow probes, and what each costs ${labHost?.name ?? "this machine"} (its exact words, done by a shell there several times):`,
        ...slow.map(({ key, cpuMs }) => `  ${cpuMs.toFixed(1).padStart(7)} CPU ms  ${key}`),
      ],
    };
  },
};

async function sweep(links: readonly Link[]): Promise<number> {
  const startedAt = performance.now();
  await Promise.all(
    links.flatMap((link) => asked.map(async (probe) => probe.parse(await link.ask(probe.question)))),
  );
  return performance.now() - startedAt;
}
