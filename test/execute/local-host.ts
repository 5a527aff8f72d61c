import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command, Output, Question } from "../../src/command/command.ts";
import { hostFolder } from "../../src/execute/host-scripts.ts";
import type { Link } from "../../src/transport/transport.ts";

export interface LocalHost {
  /** What a host has in /var/lib/scrap. */
  readonly folder: string;
  readonly link: Link;
  readonly close: () => void;
}

export interface LocalHostOptions {
  /** Its disk is so large; that takes root. */
  readonly sizeBytes?: number;
  /** What reads the scripts. */
  readonly shell?: readonly [string, ...string[]];
}

/** This machine as a host: our scripts run for real, in a folder of their own, as where there is no systemd. */
export function createLocalHost({ sizeBytes, shell = ["sh"] }: LocalHostOptions = {}): LocalHost {
  const top = mkdtempSync(join(tmpdir(), "scrap-host-"));
  if (sizeBytes !== undefined) execFileSync("mount", ["-t", "tmpfs", "-o", `size=${sizeBytes}`, "none", top]);
  const folder = join(top, "scrap");
  mkdirSync(folder, { mode: 0o700 });
  const ask = (question: Question): Promise<Output> => {
    const { argv, input } = question as Command;
    const [, option = "", script = "", ...args] = argv;
    const here = script.replaceAll(hostFolder, folder).replaceAll("/run/systemd/system", "/nowhere");
    // Nobody waits for news here: tests look often.
    const impatient = args.map((each) => (each === "20" ? "1" : each));
    return run([...shell, option, here, ...impatient], input && "text" in input ? input.text : "");
  };
  const link: Link = {
    host: "here",
    ask,
    state: () => ({ status: "idle" }),
    subscribe: () => () => {},
    open: () => Promise.reject(new Error("not in this test")),
    stream: () => Promise.reject(new Error("not in this test")),
    follow: () => Promise.reject(new Error("not in this test")),
    forward: () => Promise.reject(new Error("not in this test")),
    close: async () => {},
  };
  return {
    folder,
    link,
    close: () => {
      if (sizeBytes !== undefined) execFileSync("umount", ["-l", top]);
      rmSync(top, { recursive: true, force: true });
    },
  };
}

function run([program = "", ...args]: readonly string[], input: string): Promise<Output> {
  return new Promise((resolve) => {
    const child = execFile(program, args, (error, stdout, stderr) => {
      resolve({ exitCode: typeof error?.code === "number" ? error.code : error ? -1 : 0, stdout, stderr });
    });
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}
