import { spawnSync } from "node:child_process";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { backends } from "../../src/backends/registry.ts";
import type { Inventory } from "../../src/inventory/inventory.ts";
import { loadInventory } from "../../src/inventory/load.ts";
import { createHomelabReader } from "../../src/model/homelab.ts";
import { newHost, type State } from "../../src/model/state.ts";
import { createStore, type Store } from "../../src/model/store.ts";
import { createObserver, type Observer } from "../../src/observe/observer.ts";
import { createTransport } from "../../src/transport/create-transport.ts";
import type { Transport } from "../../src/transport/transport.ts";
import { CannotMeasure } from "./bench.ts";
import type { Cleanup } from "./cleanup.ts";
import type { SshFiles } from "./ssh-files.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

export const scrap = join(root, "bin/scrap");

/** What `scrap` finds around itself: this Node.js, and nothing of the user's. */
export function environmentIn(folder: string): Record<string, string | undefined> {
  return {
    ...process.env,
    SCRAP_NODE: process.execPath,
    SCRAP_INVENTORY: undefined,
    XDG_CONFIG_HOME: join(folder, "config"),
    XDG_CACHE_HOME: join(folder, "cache"),
    LC_ALL: "C.UTF-8",
  };
}

/** The words of `scrap` for these hosts. */
export const scrapFor = (
  { inventory, sshConfig }: Pick<SshFiles, "inventory" | "sshConfig">,
  ...words: string[]
) => [scrap, "--inventory", inventory, "--ssh-config", sshConfig, ...words];

/** Makes the bundle anew: an old one would be measured else. */
export function buildBundle(): void {
  const { status } = spawnSync(process.execPath, [join(root, "bin/build.mjs")], { stdio: "inherit" });
  if (status !== 0) throw new CannotMeasure("the bundle cannot be built");
}

/** Which hosts, and how OpenSSH would reach them. */
export interface Reach {
  readonly inventory: string;
  readonly sshConfig?: string;
}

/** The product within this process, wired as main wires it. */
export interface Product {
  readonly inventory: Inventory;
  readonly transport: Transport;
  readonly store: Store<State>;
  readonly observer: Observer;
}

export async function openProduct(files: Reach, cleanup: Cleanup, minFreshMs = 60_000): Promise<Product> {
  const inventory = await loadInventory({
    file: files.inventory,
    sshConfig: files.sshConfig,
    env: {},
    home: homedir(),
  });
  const names = [...inventory.hosts.keys()];
  const store = createStore<State>({ hosts: new Map(names.map((name) => [name, newHost(name)])) });
  const transport = createTransport({ hosts: inventory.hosts });
  cleanup.add(transport.close);
  const reader = createHomelabReader(inventory, backends);
  const observer = createObserver({ inventory, transport, backends, store, reader, minFreshMs });
  return { inventory, transport, store, observer };
}
