// Starts a process of its own for each operation.
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, statfsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type Drivers, walkBackSignal } from "./drive.ts";
import { CommandFailed, InDoubt } from "./errors.ts";
import { readDriver } from "./journal/driver.ts";
import { errorsFile } from "./journal/output.ts";

export interface DetachedOptions {
  readonly folder: string;
  /** What a person typed, for the process that carries it out. */
  readonly secrets: () => Readonly<Record<string, string>>;
  /** How this program is started: program and arguments before its own. */
  readonly self: readonly [string, ...string[]];
}

/** A process of its own for each operation. Detached: closing the terminal changes nothing for it. */
export function createDetachedDrivers({ folder, secrets, self }: DetachedOptions): Drivers {
  return {
    // Resolves once it drives, or somebody else does.
    start: async (id) => {
      const errors = openSync(errorsFile(folder, id), "a", 0o600);
      const [program, ...args] = self;
      const child = spawn(program, [...args, "drive", id], {
        detached: true,
        stdio: ["pipe", "ignore", errors],
        cwd: "/",
      });
      closeSync(errors);
      let exitCode: number | null | undefined;
      await new Promise<void>((resolve, reject) => {
        child.on("error", (error) =>
          reject(new CommandFailed(`${program} cannot be started: ${error.message}`)),
        );
        child.on("exit", (code) => {
          exitCode = code;
        });
        child.stdin?.on("error", () => {});
        child.stdin?.end(JSON.stringify(secrets()), () => resolve());
      });
      child.unref();
      while (readDriver(folder, id) === undefined && exitCode === undefined) await sleep(20);
      if (exitCode !== undefined && exitCode !== 0 && readDriver(folder, id) === undefined)
        throw new InDoubt(`${id} is not carried out: ${lastErrors(folder, id)}`, {
          hint: `scrap resume ${id}`,
        });
    },
    wish: (_, pid, wish) => process.kill(pid, wish === "walk-back" ? walkBackSignal : "SIGINT"),
  };
}

/** What the process that carried it out complained of last: a bug, or a full disk, on which it may have found no room to say so. */
export function lastErrors(folder: string, id: string): string {
  try {
    const said = readFileSync(errorsFile(folder, id), "utf8").trim().split("\n").slice(-12).join("\n");
    return said === "" && statfsSync(folder).bavail === 0 ? `The disk of ${folder} is full.` : said;
  } catch {
    return "";
  }
}
