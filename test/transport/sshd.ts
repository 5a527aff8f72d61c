import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Host } from "../../src/inventory/host.ts";

const sshdPath = ["/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/bin/sshd"].find((path) => existsSync(path));

/** Why no test that needs a real SSH server can run here; undefined when they can. */
export const missingSshd =
  sshdPath === undefined
    ? "needs sshd (package openssh-server)"
    : /nologin|false$/.test(userInfo().shell ?? "")
      ? "needs a user who may log in, for sshd"
      : undefined;

/** Which programs of this machine a test may use. */
export const hasProgram = (name: string): boolean => {
  try {
    execFileSync("/bin/sh", ["-c", `command -v ${name}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

/** A folder of a test, with a key to log in with, and a free place for known_hosts and ssh_config. */
export interface Bench {
  readonly folder: string;
  readonly path: (name: string) => string;
  readonly write: (name: string, text: string) => string;
  readonly read: (name: string) => string;
  /** Makes a key pair; returns the public line. */
  readonly makeKey: (name: string, ...options: string[]) => string;
  readonly remove: () => void;
}

export function createBench(): Bench {
  const folder = mkdtempSync(join(tmpdir(), "scrap-test-"));
  const path = (name: string) => join(folder, name);
  const bench: Bench = {
    folder,
    path,
    write: (name, text) => {
      writeFileSync(path(name), text, { mode: 0o600 });
      return path(name);
    },
    read: (name) => readFileSync(path(name), "utf8"),
    makeKey: (name, ...options) => {
      const type = options.includes("-t") ? [] : ["-t", "ed25519"];
      const passphrase = options.includes("-N") ? [] : ["-N", ""];
      execFileSync("ssh-keygen", ["-q", ...type, ...passphrase, ...options, "-C", name, "-f", path(name)]);
      return readFileSync(path(`${name}.pub`), "utf8").trim();
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  return bench;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

export interface Sshd {
  readonly port: number;
  /** `[127.0.0.1]:port`, as known_hosts has it. */
  readonly name: string;
  /** Ends it, and each of its connections. */
  readonly stop: () => void;
  readonly log: () => string;
}

/** Starts a real sshd on loopback, as whoever runs the tests. `hostKeys` are files of the bench. */
export async function startSshd(
  bench: Bench,
  { hostKeys = ["host"], authorized = ["client"], extra = "", port: wanted = 0 } = {},
): Promise<Sshd> {
  const port = wanted || (await freePort());
  for (const key of hostKeys) if (!existsSync(bench.path(key))) bench.makeKey(key);
  for (const key of authorized) if (!existsSync(bench.path(key))) bench.makeKey(key);
  if (userInfo().uid === 0) mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
  chmodSync(bench.folder, 0o755);
  bench.write(`authorized.${port}`, authorized.map((key) => bench.read(`${key}.pub`)).join(""));
  chmodSync(bench.path(`authorized.${port}`), 0o644);
  const config = bench.write(
    `sshd_config.${port}`,
    [
      extra,
      `Port ${port}`,
      ...(extra.includes("ListenAddress") ? [] : ["ListenAddress 127.0.0.1"]),
      ...hostKeys.map((key) => `HostKey ${bench.path(key)}`),
      `AuthorizedKeysFile ${bench.path(`authorized.${port}`)}`,
      `PidFile ${bench.path(`sshd.${port}.pid`)}`,
      "StrictModes no",
      "UsePAM no",
      "PasswordAuthentication no",
      "KbdInteractiveAuthentication no",
      "PermitRootLogin yes",
      "MaxStartups 100",
      "LogLevel VERBOSE",
    ].join("\n"),
  );
  let log = "";
  const child: ChildProcess = spawn(sshdPath ?? "sshd", ["-D", "-e", "-f", config], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  child.stderr?.on("data", (bytes: Buffer) => {
    log += bytes.toString();
  });
  for (let tries = 0; tries < 200 && !/Server listening/.test(log); tries++) {
    if (child.exitCode !== null) throw new Error(`sshd ended: ${log}`);
    await setTimeout(20);
  }
  return { port, name: `[127.0.0.1]:${port}`, stop: () => killTree(child.pid ?? 0), log: () => log };
}

/** Ends a process and all that came from it, by their ids. */
function killTree(pid: number): void {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const parent = Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, "utf8"))?.[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // It is gone already.
    }
  }
  const all = [pid];
  for (const each of all) all.push(...(children.get(each) ?? []));
  for (const each of all.filter((each) => each > 1)) {
    try {
      process.kill(each, "SIGTERM");
    } catch {
      // It is gone already.
    }
  }
}

/** The lines of an ssh_config that isolate a test from the user's own. */
export function sshConfigOf(
  bench: Bench,
  hosts: string,
  { knownHosts = "known_hosts", identity = "client" } = {},
): string {
  if (!existsSync(bench.path(knownHosts))) bench.write(knownHosts, "");
  return bench.write(
    "ssh_config",
    `${hosts}
Host *
  UserKnownHostsFile ${bench.path(knownHosts)}
  GlobalKnownHostsFile none
  IdentityFile ${bench.path(identity)}
  IdentitiesOnly yes
  IdentityAgent none
  User ${userInfo().username}
`,
  );
}

export const aHost = (name: string, more: Partial<Host> = {}): Host => ({
  name,
  become: "none",
  groups: [],
  protected: false,
  ...more,
});

export const hostMap = (...hosts: Host[]): ReadonlyMap<string, Host> =>
  new Map(hosts.map((host) => [host.name, host]));

/** The whole of a public key line that goes into known_hosts: type and key. */
export const keyPart = (publicLine: string): string => publicLine.split(" ").slice(0, 2).join(" ");
