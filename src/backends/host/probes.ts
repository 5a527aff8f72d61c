import { parseFiles, parseLook } from "../../command/answers.ts";
import { command } from "../../command/command.ts";
import { expectExit, parseLines, parseNumber, parsePairs, unreadable } from "../parse.ts";
import { defineProbe } from "../probe.ts";

const seconds = 1000;
const hours = 3600 * seconds;

const loadavg = "/proc/loadavg";
const uptime = "/proc/uptime";

/** Load and uptime. A host without /proc answers with nothing, and that is known then. */
export const load = defineProbe({
  id: "host.load",
  question: { files: [loadavg, uptime] },
  freshMs: 5 * seconds,
  sees: "load and uptime",
  parse: ({ stdout }) => {
    const files = parseFiles(stdout);
    const averages = files.get(loadavg);
    const since = files.get(uptime);
    return {
      load: averages === undefined ? undefined : toLoad(averages),
      uptimeMs: since === undefined ? undefined : toUptimeMs(since),
    };
  },
});

function toLoad(text: string): readonly [number, number, number] {
  const [one, five, fifteen] = text.split(" ", 3).map(parseNumber);
  if (one === undefined || five === undefined || fifteen === undefined)
    throw unreadable("Not load averages", text);
  return [one, five, fifteen];
}

function toUptimeMs(text: string): number {
  const up = parseNumber(text.split(" ", 1)[0]);
  if (up === undefined) throw unreadable("Not an uptime", text);
  return Math.round(up * 1000);
}

const meminfo = "/proc/meminfo";

/** Swap stands in line 15 and 16, on 32 bits in 19 and 20. */
export const memory = defineProbe({
  id: "host.memory",
  question: { files: [meminfo], lines: 20 },
  freshMs: 10 * seconds,
  sees: "memory and swap",
  parse: ({ stdout }) => {
    const fields = parsePairs(parseFiles(stdout).get(meminfo) ?? "", ":");
    const bytes = (field: string) => {
      const kibibytes = parseNumber(fields.get(field)?.replace(/ kB$/, ""));
      return kibibytes === undefined ? undefined : kibibytes * 1024;
    };
    return {
      memoryBytes: bytes("MemTotal"),
      memoryAvailableBytes: bytes("MemAvailable"),
      swapBytes: bytes("SwapTotal"),
      swapFreeBytes: bytes("SwapFree"),
    };
  },
});

const kernelRelease = "/proc/sys/kernel/osrelease";
const hostname = "/proc/sys/kernel/hostname";
const bootId = "/proc/sys/kernel/random/boot_id";

export const kernel = defineProbe({
  id: "host.kernel",
  question: { files: [kernelRelease, hostname, bootId], lines: 1 },
  freshMs: 60 * seconds,
  sees: "kernel, host name and boot id",
  parse: ({ stdout }) => {
    const files = parseFiles(stdout);
    const word = (path: string) => files.get(path)?.trim() || undefined;
    return { kernel: word(kernelRelease), hostname: word(hostname), bootId: word(bootId) };
  },
});

const osRelease = "/etc/os-release";
const online = "/sys/devices/system/cpu/online";

/** Source of the format: os-release(5). */
export const system = defineProbe({
  id: "host.system",
  question: { files: [osRelease, online], lines: 20 },
  freshMs: hours,
  sees: "operating system and processors",
  parse: ({ stdout }) => {
    const files = parseFiles(stdout);
    const fields = parsePairs(files.get(osRelease) ?? "", "=");
    const field = (name: string) => fields.get(name)?.replace(/^(["'])(.*)\1$/, "$2") || undefined;
    return { os: field("PRETTY_NAME") ?? field("NAME"), cpus: toCount(files.get(online)) };
  },
});

/** `0-3,6` is five. */
function toCount(ranges: string | undefined): number | undefined {
  if (!ranges || !/^\d+(-\d+)?(,\d+(-\d+)?)*\s*$/.test(ranges)) return undefined;
  return ranges.split(",").reduce((sum, range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return sum + last - first + 1;
  }, 0);
}

export const architecture = defineProbe({
  id: "host.architecture",
  question: command("uname", "-m"),
  freshMs: 24 * hours,
  sees: "processor architecture",
  parse: (output) => {
    const [machine] = parseLines(expectExit(output).stdout);
    if (machine === undefined) throw unreadable("Not an architecture", output.stdout);
    return machine.trim();
  },
});

/** The host's clock when it answered. BusyBox knows no %N: then the second alone is known. */
export const clock = defineProbe({
  id: "host.clock",
  question: command("date", "+%s.%N"),
  freshMs: hours,
  sees: "clock of the host",
  parse: (output) => {
    const [, whole, fraction] = /^(\d{9,11})\.(\d{3,9})?/.exec(expectExit(output).stdout) ?? [];
    if (whole === undefined) throw unreadable("Not a time", output.stdout);
    return fraction === undefined
      ? { epochMs: Number(whole) * 1000, precisionMs: 1000 }
      : { epochMs: Math.round(Number(`${whole}.${fraction}`) * 1000), precisionMs: 1 };
  },
});

const flag = "/run/reboot-required";
const pinned = "/etc/kernel/proxmox-boot-pin";

/** Does a distribution's own flag say so, and which kernels could be booted? */
export const reboot = defineProbe({
  id: "host.reboot",
  question: { programs: [], paths: [flag, pinned, "/boot/vmlinuz-*"] },
  freshMs: 600 * seconds,
  sees: "whether a reboot is needed",
  parse: ({ stdout }) => {
    const paths = [...parseLook(stdout).paths];
    return {
      asked: paths.includes(flag),
      pinned: paths.includes(pinned),
      kernels: paths.flatMap((path) => /^\/boot\/vmlinuz-(\d.*)$/.exec(path)?.[1] ?? []),
    };
  },
});
