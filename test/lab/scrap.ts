import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { toReport } from "../../src/cli/report.ts";
import { hosts } from "./hosts.ts";
import { isUp } from "./lifecycle.ts";
import { runDir, sshConfigFile } from "./paths.ts";
import { sleep } from "./shell.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

type Jsonified<T> = T extends Date ? string : T extends object ? { [K in keyof T]: Jsonified<T[K]> } : T;
export type Report = Jsonified<ReturnType<typeof toReport>>;

export interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program as a user does: bin/scrap, with the lab's inventory. */
export function scrap(argv: readonly string[], inventory: string = inventoryFor("ops")): Promise<Run> {
  return new Promise((resolve) => {
    execFile(
      join(root, "bin/scrap"),
      ["--inventory", inventory, ...argv],
      { maxBuffer: 64 * 1024 * 1024, timeout: 170_000, env: { ...process.env, LAB_PASSWORD: "lab-pass" } },
      (error, stdout, stderr) => {
        resolve({ exitCode: typeof error?.code === "number" ? error.code : error ? 70 : 0, stdout, stderr });
      },
    );
  });
}

/** Others work in the lab, too: whom they keep from a host waits. */
export async function patiently(inventory: string, ...argv: readonly string[]): Promise<Run> {
  for (let tries = 0; ; tries += 1) {
    const run = await scrap(argv, inventory);
    if (tries === 60 || !/is held by/.test(run.stdout + run.stderr)) return run;
    await sleep(1000);
  }
}

/** The lab's inventory, as `ops`, with services of a test's own; what lies beside it is the test's alone. */
export function inventoryWith(services: string, user = "ops"): string {
  const file = inventoryFor(user);
  writeFileSync(file, `${readFileSync(file, "utf8").trimEnd()}\n${services}`);
  return file;
}

export async function report(...names: readonly string[]): Promise<Report> {
  const { stdout, stderr } = await scrap(["status", "--json", ...names]);
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as Report;
}

/** The hosts that do not run now: the VM may be left out. */
export const away = hosts.filter((host) => !isUp(host)).map(({ name }) => name);

/** The lab's inventory of what runs, with another login: `root ops pw guest fishy doas dpw`. `pw` and `dpw` have a password. */
export function inventoryFor(user: string): string {
  const folder = mkdtempSync(join(tmpdir(), "scrap-lab-"));
  const file = join(folder, "inventory.yaml");
  const text = readFileSync(join(runDir, "inventory.yaml"), "utf8")
    .replace("user: ops", `user: ${user}${user.endsWith("pw") ? "\n  becomePassword: env:LAB_PASSWORD" : ""}`)
    .replace("become: sudo", user.startsWith("d") ? "become: doas" : "become: sudo")
    .replace("user: root, become: none", user === "doas" ? "user: ops" : "user: root, become: none")
    .split("\n")
    .filter((line) => !away.some((name) => line.startsWith(`  ${name}: `)))
    .join("\n")
    .replace("sshConfig: ssh_config", `sshConfig: ${sshConfigFile}`);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}
