import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { scenes } from "../recording.ts";
import { CannotMeasure } from "./bench.ts";
import type { Cleanup } from "./cleanup.ts";
import type { Counts } from "./simulated-hosts.ts";
import { type SshFiles, writeSshFiles } from "./ssh-files.ts";

const port = 22_023;

export interface Simulation extends SshFiles {
  readonly scenes: readonly string[];
  readonly counts: () => Counts;
  /** Rejects with `CannotMeasure` when it does not come to that. */
  readonly until: (isThere: (counts: Counts) => boolean, timeoutMs: number) => Promise<Counts>;
}

/** Starts hosts that are none, in a process of their own. */
export async function simulateHosts(count: number, cleanup: Cleanup): Promise<Simulation> {
  const places = Array.from({ length: count }, (_, index) => ({
    name: `sim${`${index + 1}`.padStart(3, "0")}`,
    address: `127.0.${2 + Math.floor(index / 250)}.${(index % 250) + 1}`,
    port,
  }));
  const files = await writeSshFiles(cleanup.folder(), places);
  const healthy = scenes.filter((scene) => scene.endsWith("-healthy"));
  const program = fileURLToPath(new URL("simulated-hosts.ts", import.meta.url));
  const words = ["--hosts", `${count}`, "--port", `${port}`, "--host-key", files.hostKey];
  const child = spawn(
    process.execPath,
    [program, ...words, ...healthy.flatMap((scene) => ["--scene", scene])],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const ended = once(child, "close");
  cleanup.add(async () => {
    child.kill();
    await ended;
  });
  let counts: Counts = { listening: 0, connections: 0, connected: 0, answers: 0 };
  createInterface({ input: child.stdout }).on("line", (line) => {
    counts = JSON.parse(line);
  });
  const until: Simulation["until"] = async (isThere, timeoutMs) => {
    const endAt = performance.now() + timeoutMs;
    while (!isThere(counts)) {
      if (performance.now() > endAt || child.exitCode !== null)
        throw new CannotMeasure(`the simulated hosts came to ${JSON.stringify(counts)} only`);
      await sleep(100);
    }
    return counts;
  };
  await until(({ listening }) => listening === count, 30_000);
  return { ...files, scenes: healthy, counts: () => counts, until };
}
