import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Bench, CannotMeasure, type Measurement } from "./bench.ts";
import { environmentIn, scrap } from "./product.ts";
import { median, timeProgram, toRange } from "./timing.ts";

/** How long a command takes that asks nobody. */
export const start: Bench = {
  name: "start",
  async *run({ isQuick, hosts }, cleanup) {
    const folder = cleanup.folder();
    const inventory = join(folder, "inventory.yaml");
    writeFileSync(inventory, inventoryOf(hosts), { mode: 0o600 });
    const commands = {
      node: [process.execPath, "-e", "0"],
      version: [scrap, "--version"],
      get: [scrap, "--inventory", inventory, "get", "hosts", "-o", "name"],
    } as const;
    const times = { node: [] as number[], version: [] as number[], get: [] as number[] };
    const env = environmentIn(folder);
    const [warmUps, rounds] = isQuick ? [2, 7] : [5, 25];
    for (let round = -warmUps; round < rounds; round++) {
      for (const name of ["node", "version", "get"] as const) {
        const { ms, exitCode, stdout, stderr } = await timeProgram(commands[name], { env });
        const lines = stdout.split("\n").length - 1;
        if (exitCode !== 0 || (name === "get" && lines !== hosts))
          throw new CannotMeasure(`${commands[name].join(" ")} fails: ${stderr}`);
        if (round >= 0) times[name].push(ms);
      }
    }
    yield {
      lines: [
        compare("scrap --version, node -e 0", times.version, times.node, 2),
        compare(`scrap get hosts -o name of ${hosts}, node -e 0`, times.get, times.node, 4),
      ],
      notes: [
        `median of ${rounds} starts each, in turns, after ${warmUps} that do not count; the same Node.js ${process.version}`,
      ],
    };
  },
};

function compare(
  what: string,
  ours: readonly number[],
  theirs: readonly number[],
  limit: number,
): Measurement {
  const ratio = median(ours) / median(theirs);
  return {
    what,
    ours: toRange(ours),
    theirs: toRange(theirs),
    figure: `${ratio.toFixed(2)} times as long`,
    target: `≤ ${limit}`,
    isMet: ratio <= limit,
  };
}

/** As people write it: groups, zones, addresses. */
function inventoryOf(count: number): string {
  const hosts = Array.from(
    { length: count },
    (_, index) =>
      `  host${index}: { address: 192.0.2.${index + 1}, groups: [${index % 2 === 0 ? "apps" : "storage"}], zone: closet${index % 5} }\n`,
  );
  return `version: 1\ndefaults: { user: ops, become: sudo }\nhosts:\n${hosts.join("")}`;
}
