import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { attempt, say } from "./shell.ts";

/** What the lab calls, and the Debian package it comes with. */
const programs: Record<string, string> = {
  "systemd-nspawn": "systemd-container",
  debootstrap: "debootstrap",
  "mkfs.btrfs": "btrfs-progs",
  "mkfs.ext4": "e2fsprogs",
  ip: "iproute2",
  ss: "iproute2",
  nft: "nftables",
  ssh: "openssh-client",
  "ssh-keygen": "openssh-client",
  losetup: "mount",
  nsenter: "util-linux",
};
const programsOfMachines: Record<string, string> = { "qemu-system-x86_64": "qemu-system-x86" };

const searchPath = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

const isInstalled = (program: string): boolean => searchPath.some((dir) => existsSync(`${dir}/${program}`));

function missingPackages(withMachines: boolean): string[] {
  const needed = Object.entries(withMachines ? { ...programs, ...programsOfMachines } : programs);
  return [...new Set(needed.filter(([program]) => !isInstalled(program)).map(([, name]) => name))];
}

function canUse(file: string): boolean {
  try {
    accessSync(file, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Everything that no package can bring. */
function missingAbilities(): string[] {
  if (process.getuid?.() !== 0) return ["root: the lab makes namespaces, bridges and loop devices"];
  const devices = ["/dev/loop-control", "/dev/net/tun", "/dev/fuse", "/dev/btrfs-control"];
  const missing = devices.filter((device) => !canUse(device)).map((device) => `the device ${device}`);
  const fileSystems = readFileSync("/proc/filesystems", "utf8").split(/\s+/);
  for (const name of ["btrfs", "ext4", "overlay", "fuse", "cgroup2"]) {
    if (!fileSystems.includes(name)) missing.push(`a kernel with ${name}`);
  }
  if (!existsSync("/sys/fs/cgroup/cgroup.procs") && !existsSync("/sys/fs/cgroup/unified/cgroup.procs")) {
    missing.push("a cgroup v2 hierarchy at /sys/fs/cgroup or /sys/fs/cgroup/unified");
  }
  return missing;
}

/** Installs the packages that are not here; throws, with the whole list, when the lab cannot run on this machine. */
export async function ensureRequirements(withMachines: boolean): Promise<void> {
  const missing = missingAbilities();
  if (missing.length > 0) throw new Error(`the lab cannot run here; it needs\n  ${missing.join("\n  ")}`);
  const packages = missingPackages(withMachines);
  if (packages.length === 0) return;
  say(`installing ${packages.join(" ")}`);
  const install = `export DEBIAN_FRONTEND=noninteractive
    apt-get -q update && apt-get -q -y install --no-install-recommends "$@"`;
  const { code, err } = await attempt(["sh", "-c", install, "install", ...packages], { seconds: 900 });
  if (code !== 0) throw new Error(`the lab needs the packages ${packages.join(" ")}: ${err.trim()}`);
}
