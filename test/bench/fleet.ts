import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { bare, canHide } from "./bare.ts";
import { CannotMeasure } from "./bench.ts";
import type { Cleanup } from "./cleanup.ts";
import { type Place, type SshFiles, writeSshFiles } from "./ssh-files.ts";

/** As many real SSH servers on loopback addresses of this machine. */
export interface Fleet extends SshFiles {
  readonly places: readonly Place[];
  /** Are they without tools and without anybody's dotfiles? Only root can hide these. */
  readonly isBare: boolean;
}

const port = 22_022;

/**
 * Starts an sshd each on 127.0.1.1 and following, with keys and configuration of its own. Its hosts are bare: what
 * they do beside would take the processors that all of them and we share, and not their own.
 */
export async function startFleet(count: number, cleanup: Cleanup): Promise<Fleet> {
  const sshd = ["/usr/sbin/sshd", "/usr/local/sbin/sshd"].find((path) => existsSync(path));
  if (!sshd) throw new CannotMeasure("sshd is not installed");
  const folder = cleanup.folder();
  const places = Array.from({ length: count }, (_, index) => ({
    name: `host${`${index + 1}`.padStart(2, "0")}`,
    address: `127.0.1.${index + 1}`,
    port,
  }));
  const files = await writeSshFiles(folder, places);
  const isRoot = process.getuid?.() === 0;
  // Where systemd did not start an sshd before, nobody has made it.
  if (isRoot) mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
  const configuration = [
    `HostKey ${files.hostKey}`,
    `AuthorizedKeysFile ${files.authorizedKeys}`,
    "StrictModes no",
    "PidFile none",
    "AuthenticationMethods publickey",
    // With Debian's default, a login session of PAM is part of the price. Others cannot have it.
    `UsePAM ${isRoot ? "yes" : "no"}`,
  ];
  const file = join(folder, "sshd_config");
  writeFileSync(file, `${configuration.join("\n")}\n`);

  const isBare = isRoot && canHide();
  const listen = places.map(({ address }) => `ListenAddress=${address}:${port}`);
  const argv = ["sh", "-c", startAll, sshd, file, ...listen];
  const [program = "", ...words] = isBare ? bare(argv, cleanup.folder()) : argv;
  const child = spawn(program, words, { stdio: ["pipe", "ignore", "pipe"], detached: true });
  const ended = once(child, "close");
  cleanup.add(async () => {
    child.stdin.end();
    await ended;
  });
  await untilListening(child.stderr, count);
  return { ...files, places, isBare };
}

/** For the notes: what kind of hosts these are. */
export const describeFleet = ({ places, isBare }: Fleet): string =>
  isBare
    ? `the hosts are ${places.length} servers of this machine, to which no tool is there that a backend looks for, and an empty home`
    : `the hosts are ${places.length} servers of this machine as it is; only root can make them bare`;

/** One server for each address. All of them end when nobody holds the other end of stdin any more, however we end. */
const startAll = `
file=$1; shift
for listen do "$0" -D -e -f "$file" -o "$listen" </dev/null & done
cat >/dev/null
kill 0`;

/** It says so itself. Trying would be a connection that leaves without a login, which newer servers punish. */
async function untilListening(stderr: NodeJS.ReadableStream, count: number): Promise<void> {
  const lines = createInterface({ input: stderr });
  const said: string[] = [];
  await new Promise<void>((resolve, reject) => {
    lines.on("line", (line) => {
      said.push(line);
      if (said.filter((each) => each.startsWith("Server listening")).length === count) resolve();
    });
    lines.on("close", () => reject(new CannotMeasure(`sshd does not start: ${said.slice(-5).join(" ")}`)));
  });
  lines.removeAllListeners("line");
  lines.resume();
}
