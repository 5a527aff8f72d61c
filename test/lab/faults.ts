import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { diskFaults } from "./faults/disks.ts";
import type { Fault } from "./faults/fault.ts";
import { fileSystemFaults } from "./faults/file-systems.ts";
import { hangingTools } from "./faults/hanging-tools.ts";
import { reachabilityFaults } from "./faults/reachability.ts";
import { serviceFaults } from "./faults/services.ts";
import { upsFaults } from "./faults/ups.ts";
import { runDir } from "./paths.ts";

export const faults: Fault[] = [
  ...serviceFaults,
  ...fileSystemFaults,
  ...hangingTools,
  ...diskFaults,
  ...upsFaults,
  ...reachabilityFaults,
];

const brokenDir = join(runDir, "broken");

/** The faults that were broken and not mended since. */
export const presentFaults = (): string[] => (existsSync(brokenDir) ? readdirSync(brokenDir) : []);

function faultNamed(name: string): Fault {
  const fault = faults.find((each) => each.name === name);
  if (!fault) throw new Error(`no such fault: ${name} (see: faults)`);
  return fault;
}

export async function breakIt(name: string): Promise<Fault> {
  const fault = faultNamed(name);
  if (presentFaults().includes(name)) throw new Error(`${name} is broken already: mend it first`);
  mkdirSync(brokenDir, { recursive: true });
  writeFileSync(join(brokenDir, name), "");
  await fault.break();
  return fault;
}

export async function mendIt(name: string): Promise<Fault> {
  const fault = faultNamed(name);
  await fault.mend();
  rmSync(join(brokenDir, name), { force: true });
  return fault;
}

/** A host that starts afresh has none of its faults any more. */
export function forgetFaultsOf(host: string): void {
  for (const fault of faults) {
    if (fault.host === host) rmSync(join(brokenDir, fault.name), { force: true });
  }
}
