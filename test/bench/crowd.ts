import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CannotMeasure } from "./bench.ts";
import type { Cleanup } from "./cleanup.ts";

/** Hosts of the demo, twenty services each, whose load moves all the time. */
export interface Crowd {
  readonly count: number;
  readonly inventory: string;
}

export async function startCrowd(count: number, cleanup: Cleanup): Promise<Crowd> {
  const folder = join(cleanup.folder(), "crowd");
  mkdirSync(folder);
  const inventory = join(folder, "inventory.yaml");
  const program = fileURLToPath(new URL("crowd-hosts.ts", import.meta.url));
  const child = spawn(process.execPath, [program, `${count}`, inventory], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = once(child, "close");
  cleanup.add(async () => {
    child.stdin.end();
    await ended;
  });
  const first = await Promise.race([once(child.stdout, "data"), ended.then(() => undefined)]);
  if (!first) throw new CannotMeasure("the hosts of the demo do not start");
  return { count, inventory };
}
