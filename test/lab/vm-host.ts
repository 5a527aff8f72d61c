import { spawn } from "node:child_process";
import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Host } from "./hosts.ts";
import { portOf } from "./network.ts";
import { hostDir, rootOf } from "./paths.ts";
import { qmp } from "./qmp.ts";
import { run, until } from "./shell.ts";
import { volumeFile } from "./volumes.ts";

const fileOf = (host: Host, name: string): string => join(hostDir(host.name), name);
const pidFile = (host: Host): string => fileOf(host, "pid");

export const controlSocket = (host: Host): string => fileOf(host, "qmp.sock");

function pidOf(host: Host): number | undefined {
  if (!existsSync(pidFile(host))) return undefined;
  const pid = Number(readFileSync(pidFile(host), "utf8"));
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(controlSocket(host)) ? pid : undefined;
  } catch {
    return undefined;
  }
}

export const isMachineUp = (host: Host): boolean => pidOf(host) !== undefined;

function newest(dir: string, prefix: string): string {
  const name = readdirSync(dir)
    .filter((each) => each.startsWith(prefix))
    .sort()
    .at(-1);
  if (name === undefined) throw new Error(`no ${prefix}* in ${dir}`);
  return join(dir, name);
}

/** Turns the tree of a host into what a machine boots from: one ext4 disk without partitions, kernel and initrd. */
export async function turnTreeIntoDisk(host: Host): Promise<void> {
  const tree = rootOf(host.name);
  copyFileSync(newest(join(tree, "boot"), "vmlinuz-"), fileOf(host, "vmlinuz"));
  copyFileSync(newest(join(tree, "boot"), "initrd.img-"), fileOf(host, "initrd"));
  await run(["truncate", "--size", "2G", fileOf(host, "root.img")]);
  await run(["mkfs.ext4", "-q", "-F", "-L", "root", "-d", tree, fileOf(host, "root.img")], { seconds: 300 });
  await run(["rm", "-rf", "--one-file-system", tree]);
}

/** The bus of a disk follows from the name of its volume; the serial number is the name, in capitals. */
function diskArguments(host: Host): string[] {
  return host.volumes.flatMap(({ name }) => {
    const serial = `LAB-${name.toUpperCase()}`;
    const devices: Record<string, string> = {
      nvme: `nvme,id=nvme,serial=${serial}`,
      sata: `ide-hd,id=sata,bus=ide.0,serial=${serial},model=LabDisk 500`,
    };
    const device = devices[name] ?? `virtio-blk-pci,id=${name},serial=${serial}`;
    const drive = `file=${volumeFile(host, name)},if=none,id=drive-${name},format=raw`;
    return ["-drive", drive, "-device", `${device},drive=drive-${name}`];
  });
}

export async function startMachine(host: Host): Promise<void> {
  if (isMachineUp(host)) return;
  const log = openSync(fileOf(host, "console.log"), "w");
  const argv = [
    ...["-machine", "q35", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", "1536"],
    ...["-display", "none", "-monitor", "none", "-serial", "stdio"],
    ...["-kernel", fileOf(host, "vmlinuz"), "-initrd", fileOf(host, "initrd")],
    // tsc=reliable: no change of clocks, or the kernel rewrites code that both CPUs run.
    ...["-append", "root=/dev/vda rw console=ttyS0 net.ifnames=0 mitigations=off tsc=reliable quiet"],
    ...["-drive", `file=${fileOf(host, "root.img")},if=none,id=root,format=raw`],
    ...["-device", "virtio-blk-pci,drive=root,addr=0x3"],
    ...["-netdev", `tap,id=net,ifname=${portOf(host)},script=no,downscript=no`],
    ...["-device", "virtio-net-pci,netdev=net,mac=52:54:00:77:00:14"],
    ...["-qmp", `unix:${controlSocket(host)},server=on,wait=off`],
    ...diskArguments(host),
  ];
  // Emulation is slow enough: on a busy machine the time-outs inside would pass before its services start.
  const machine = spawn("nice", ["-n", "-10", "qemu-system-x86_64", ...argv], {
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  machine.unref();
  writeFileSync(pidFile(host), `${machine.pid}\n`);
  await until(`${host.name} starts (see ${fileOf(host, "console.log")})`, 10, () =>
    existsSync(controlSocket(host)),
  );
}

/** Emulated CPUs now and then trip over a kernel that rewrites its own code; it is then started again. */
export const hasPanicked = (host: Host): boolean =>
  readFileSync(fileOf(host, "console.log"), "latin1").includes("Kernel panic");

export async function killMachine(host: Host): Promise<void> {
  const pid = pidOf(host);
  if (pid !== undefined) {
    process.kill(pid, "SIGKILL");
    await until(`${host.name} is gone`, 15, () => !isMachineUp(host));
  }
  rmSync(pidFile(host), { force: true });
  rmSync(controlSocket(host), { force: true });
}

export async function haltMachine(host: Host): Promise<void> {
  if (!isMachineUp(host)) return;
  await qmp(controlSocket(host), "system_powerdown");
  await until(`${host.name} powers off`, 120, () => !isMachineUp(host));
  await killMachine(host);
}
