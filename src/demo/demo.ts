import { homedir } from "node:os";
import { join } from "node:path";
import type { Inventory } from "../inventory/inventory.ts";
import { loadYaml } from "../inventory/load-yaml.ts";
import { nobody } from "../inventory/membership.ts";
import { type Access, createAccess, login } from "./access.ts";
import { crowd, crowdInventory } from "./crowd.ts";
import { homelab } from "./homelab/homelab.ts";
import { placesOfHosts, wordInventory } from "./homelab/inventory.ts";
import { putOwnFiles } from "./homelab/own-files.ts";
import { createSshServer } from "./server.ts";
import { letHappen } from "./state.ts";
import type { Clock } from "./state-time.ts";
import { type StoryName, tellStory } from "./stories.ts";

export interface DemoOptions {
  readonly story: StoryName;
  /** A crowd of that many instead of the homelab. */
  readonly hosts?: number;
  /** How many seconds of it have passed when it starts. */
  readonly at?: number;
  /** Milliseconds since the demo began; the real time when absent. */
  readonly clock?: Clock;
}

/** A simulated homelab that runs. */
export interface Demo {
  /** The hosts, reached as any others are. */
  readonly inventory: Inventory;
  /** Lets what is due by the clock happen now; it happens by itself within a moment. */
  readonly advance: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const tickMs = 250;

export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { story, hosts: count, at = 0, clock = startClock(at * 1000) } = options;
  const beganAt = Date.now() - clock();
  const hosts = count === undefined ? homelab() : crowd(count);
  const access = createAccess();
  const tell = tellStory(count === undefined ? story : "calm", hosts);
  const servers = new Map(
    hosts.map((host) => {
      const surroundings = () => {
        const now = clock();
        tell(now);
        letHappen(host, now);
        return { host, now, clock, user: login, dateOf: (moment: number) => new Date(beganAt + moment) };
      };
      return [host, createSshServer(access, surroundings)] as const;
    }),
  );
  let isClosed = false;
  const close = async () => {
    clearInterval(ticking);
    isClosed = true;
    await Promise.all([...servers.values()].map((server) => server.cut()));
    access.remove();
  };
  const advance = async () => {
    const now = clock();
    tell(now);
    for (const host of hosts) letHappen(host, now);
    if (isClosed) return;
    await Promise.all([...servers].map(([host, server]) => (host.isUp ? server.listen() : server.cut())));
  };
  const ticking = setInterval(() => void advance().catch(() => {}), tickMs);
  ticking.unref();
  try {
    // A host that is off from the start has its port all the same.
    await Promise.all([...servers.values()].map((server) => server.listen()));
    await advance();
    const ports = new Map([...servers].map(([host, server]) => [host.name, server.port()]));
    const inventory =
      count === undefined
        ? await homelabInventory(ports, access.entry, putOwnFiles(access.folder, hosts))
        : crowdInventory(ports, access.entry);
    return { inventory, advance, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function startClock(fromMs: number): Clock {
  const start = performance.now() - fromMs;
  return () => performance.now() - start;
}

/** Its inventory without the hosts, for who only wants the names of things. */
export const namesOfHomelab = (): Promise<Inventory> =>
  homelabInventory(new Map(homelab().map(({ name }) => [name, 22])), {}, "/demo");

/** What was written down by hand, and in front of it where the hosts are this time. */
async function homelabInventory(
  ports: ReadonlyMap<string, number>,
  entry: Partial<Access["entry"]>,
  folder: string,
): Promise<Inventory> {
  const hosts = [...ports].map(([name, port]) => {
    const way = JSON.stringify({ ...entry, port }).slice(1, -1);
    return `  ${name}: { ${way}, ${placesOfHosts[name]} }\n`;
  });
  const text = `version: 1\nhosts:\n${hosts.join("")}${wordInventory(folder)}`;
  const source = { file: join(folder, "inventory.yaml"), text, home: homedir() };
  return loadYaml(source, () => Promise.resolve({ ...nobody, issues: [] }));
}
