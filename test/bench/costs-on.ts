import { existsSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { seenProbes } from "../../src/model/hosts.ts";
import { labDir, sshConfigFile } from "../lab/paths.ts";
import { CannotMeasure } from "./bench.ts";
import { createCleanup } from "./cleanup.ts";
import { measureProbes, type ProbeCost } from "./probe-costs.ts";
import { openProduct, type Reach } from "./product.ts";

/** The lab's host with the most to see, and how to reach it. Undefined when the lab was never up. */
export const labHost = existsSync(sshConfigFile)
  ? { name: "vps1", sshConfig: sshConfigFile, inventory: join(labDir, "run/inventory.yaml") }
  : undefined;

const known = new Map<string, Promise<readonly ProbeCost[]>>();

/** Asks a host everything once, then what each of these questions costs it. The same answer the second time. */
export function probeCostsOn(host: string, reach: Reach, rounds: number): Promise<readonly ProbeCost[]> {
  const costs = known.get(host) ?? measure(host, reach, rounds);
  known.set(host, costs);
  return costs;
}

/** The same of this machine, as the only host of an inventory. */
export async function probeCostsHere(rounds: number): Promise<readonly ProbeCost[]> {
  const cleanup = createCleanup();
  try {
    const inventory = join(cleanup.folder(), "inventory.yaml");
    const name = hostname().replace(/\..*/, "") || "here";
    writeFileSync(inventory, `version: 1\nhosts:\n  ${name}: { transport: local }\n`, { mode: 0o600 });
    return await probeCostsOn(name, { inventory }, rounds);
  } finally {
    await cleanup.run();
  }
}

async function measure(host: string, reach: Reach, rounds: number): Promise<readonly ProbeCost[]> {
  const cleanup = createCleanup();
  try {
    const { observer, store, transport } = await openProduct(reach, cleanup);
    await observer.once([host], AbortSignal.timeout(120_000));
    const state = store.get().hosts.get(host);
    if (state?.link.status !== "up") {
      const why = state?.link.status === "down" ? `: ${state.link.error.message}` : "";
      throw new CannotMeasure(`${host} cannot be reached${why}`);
    }
    return await measureProbes(transport.link(host), state.link.access, seenProbes(state), rounds);
  } finally {
    await cleanup.run();
  }
}
