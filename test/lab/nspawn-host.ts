import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type Host, hosts } from "./hosts.ts";
import { namespaceOf } from "./network.ts";
import { hostDir, recipesDir, rootOf } from "./paths.ts";
import { attempt, run, until } from "./shell.ts";
import { installKeys } from "./ssh-access.ts";
import { loopOf, withDevices } from "./volumes.ts";

const unifiedCgroups = ["/sys/fs/cgroup/unified", "/sys/fs/cgroup"];
const nodes = ["/dev/fuse", "/dev/net/tun", "/dev/btrfs-control", "/dev/loop-control"];

const pidFile = (host: Host): string => join(hostDir(host.name), "pid");

function alive(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("systemd-nspawn");
  } catch {
    return false;
  }
}

/** The process that holds the host: what starts systemd-nspawn again when the host asks for that. */
function keeperOf(host: Host): number | undefined {
  if (!existsSync(pidFile(host))) return undefined;
  const pid = Number(readFileSync(pidFile(host), "utf8"));
  return alive(pid) ? pid : undefined;
}

const childrenOf = (pid: number): number[] => {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
};

const isFirstOfItsOwn = (pid: number): boolean => {
  try {
    return /^NSpid:.*\t1$/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
};

/** Process 1 of the host, as this machine counts. */
export function leaderOf(host: Host): number | undefined {
  const keeper = keeperOf(host);
  if (!keeper) return undefined;
  const below = childrenOf(keeper);
  return [...below, ...below.flatMap(childrenOf)].find(isFirstOfItsOwn);
}

export const isNspawnUp = (host: Host): boolean => keeperOf(host) !== undefined;

/** A cgroup of its own, or the systemds of all hosts would share one. */
function ownCgroup(host: Host): string {
  const top = unifiedCgroups.find(
    (dir) => existsSync(join(dir, "cgroup.procs")) && existsSync(join(dir, "cgroup.controllers")),
  );
  if (!top) throw new Error("no cgroup v2 hierarchy is mounted here");
  const dir = join(top, namespaceOf(host));
  mkdirSync(dir, { recursive: true });
  return dir;
}

/** Gives a tree the names and keys of its host. */
export async function dress(host: Host): Promise<void> {
  const etc = join(rootOf(host.name), "etc");
  const names = hosts.map((each) => `${each.address} ${each.name}`);
  writeFileSync(join(etc, "hosts"), ["127.0.0.1 localhost", "::1 localhost", ...names, ""].join("\n"));
  writeFileSync(join(etc, "hostname"), `${host.name}\n`);
  writeFileSync(join(etc, "machine-id"), `${createHash("md5").update(host.name).digest("hex")}\n`);
  await installKeys(host, rootOf(host.name));
}

/** Attaches the volumes and writes their mount units, for fstab is ignored in containers; returns the devices. */
async function attachVolumes(host: Host): Promise<string[]> {
  const mounts = join(recipesDir, host.name, "mounts");
  for (const unit of existsSync(mounts) ? readdirSync(mounts) : []) {
    const text = await withDevices(host, readFileSync(join(mounts, unit), "utf8"));
    writeFileSync(join(rootOf(host.name), "etc/systemd/system", unit), text);
  }
  const devices: string[] = [];
  for (const { name } of host.volumes) devices.push(await loopOf(host, name));
  return devices;
}

/** 133: the host wants to be started anew. */
const keep = 'echo $$ > "$0/cgroup.procs" || exit; while "$@"; [ $? = 133 ]; do :; done';

export async function startNspawn(host: Host): Promise<void> {
  if (isNspawnUp(host)) return;
  const devices = await attachVolumes(host);
  const cgroup = ownCgroup(host);
  const log = openSync(join(hostDir(host.name), "console.log"), "a");
  const argv = [
    "systemd-nspawn",
    "--quiet",
    "--directory",
    rootOf(host.name),
    "--boot",
    "--register=no",
    "--keep-unit",
    `--machine=${host.name}`,
    `--network-namespace-path=/run/netns/${namespaceOf(host)}`,
    "--capability=all",
    "--console=pipe",
    "--resolv-conf=off",
    "--timezone=off",
    "--link-journal=no",
    ...[...nodes, ...devices].map((node) => `--bind=${node}`),
  ];
  const keeper = spawn("sh", ["-c", keep, cgroup, ...argv], {
    detached: true,
    stdio: ["ignore", log, log],
    env: {
      ...process.env,
      SYSTEMD_SECCOMP: "0",
      SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: "1",
      SYSTEMD_NSPAWN_API_VFS_WRITABLE: "network",
    },
  });
  closeSync(log);
  keeper.unref();
  writeFileSync(pidFile(host), `${keeper.pid}\n`);
  await until(
    `${host.name} has a process 1 (see ${hostDir(host.name)}/console.log)`,
    20,
    () => leaderOf(host) !== undefined,
  );
}

/** Pulls the plug. */
export async function killNspawn(host: Host): Promise<void> {
  const keeper = keeperOf(host);
  const leader = leaderOf(host);
  if (leader) process.kill(leader, "SIGKILL");
  if (keeper) {
    await until(`${host.name} is gone`, 15, () => {
      return !alive(keeper);
    });
  }
  rmSync(pidFile(host), { force: true });
  for (const dir of unifiedCgroups)
    await attempt(["find", join(dir, namespaceOf(host)), "-depth", "-type", "d", "-delete"]);
}

/** Shuts down in good order. */
export async function haltNspawn(host: Host): Promise<void> {
  const keeper = keeperOf(host);
  const leader = leaderOf(host);
  if (!keeper || !leader) return;
  await attempt(["nsenter", "-t", String(leader), "-m", "-p", "systemctl", "poweroff", "--no-block"]);
  await until(`${host.name} powers off`, 60, () => !alive(keeper));
  await killNspawn(host);
}

/** A command in the host that does not depend on its sshd. */
export function inHost(host: Host, ...argv: string[]): Promise<string> {
  const leader = leaderOf(host);
  if (!leader) throw new Error(`${host.name} is not up`);
  return run(["nsenter", "-t", String(leader), "-m", "-u", "-i", "-n", "-p", ...argv]);
}
