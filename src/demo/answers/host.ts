import { uuidOf, waver } from "../stand-ins.ts";
import { complain, type FileEntry, isAsked, lines, type Surroundings, say, type Tool } from "./tool.ts";

/** What every host has: the kernel's own files, accounts, a clock. */
export const base: Tool = {
  isOn: () => true,
  programs: {
    "/usr/bin/uname": (args, { host }) => {
      if (isAsked(args, "-m")) return say(`${host.system.architecture}\n`);
      if (isAsked(args, "-r")) return say(`${host.system.kernel}\n`);
      if (args.length === 0) return say("Linux\n");
      return complain(1, `uname: invalid option -- '${args[0]}'\n`);
    },
    // The host keeps time, whatever pace the story has.
    "/usr/bin/date": (args) =>
      isAsked(args, "+%s.%N")
        ? say(`${(Date.now() / 1000).toFixed(3)}000000\n`)
        : say(`${new Date().toUTCString()}\n`),
    "/usr/bin/hostname": (_, { host }) => say(`${host.name}\n`),
    "/usr/bin/uptime": (_, surroundings) =>
      say(` up ${uptimeOf(surroundings)} s, load ${loadOf(surroundings)}\n`),
    "/usr/bin/id": (args, { user, host }) => {
      const uid = user === "root" ? 0 : (host.persons.find(({ name }) => name === user)?.uid ?? 1000);
      return say(isAsked(args, "-u") ? `${uid}\n` : `uid=${uid}(${user}) gid=${uid}(${user})\n`);
    },
  },
  files: (surroundings) => [
    ...procFiles(surroundings),
    ...etcFiles(surroundings),
    ...sensorFiles(surroundings),
  ],
};

const uptimeOf = ({ host, now }: Surroundings) => ((now - host.bootedAt) / 1000).toFixed(2);

function loadOf({ host, now }: Surroundings): string {
  const over = (minutes: number) =>
    (host.usualLoad * waver(`${host.name} load ${minutes}`, now, 0.5 / minutes ** 0.5)).toFixed(2);
  return `${over(1)} ${over(5)} ${over(15)}`;
}

function* procFiles(surroundings: Surroundings): Iterable<FileEntry> {
  const { host, now, user } = surroundings;
  yield [
    "/proc/loadavg",
    () => `${loadOf(surroundings)} 2/${180 + host.containers.length * 9} ${7591 + Math.floor(now / 100)}\n`,
  ];
  yield ["/proc/uptime", () => `${uptimeOf(surroundings)} ${((now - host.bootedAt) / 1100).toFixed(2)}\n`];
  yield ["/proc/meminfo", () => memoryOf(surroundings)];
  yield ["/proc/self/status", () => (user === "root" ? statusOf(0) : statusOf(1000))];
  yield ["/proc/sys/kernel/osrelease", () => `${host.system.kernel}\n`];
  yield ["/proc/sys/kernel/hostname", () => `${host.name}\n`];
  yield ["/proc/sys/kernel/random/boot_id", () => `${uuidOf(`${host.name} boot ${host.bootedAt}`)}\n`];
  yield ["/sys/devices/system/cpu/online", () => (host.cpus === 1 ? "0\n" : `0-${host.cpus - 1}\n`)];
}

const statusOf = (uid: number) =>
  `Name:\tsh\nState:\tR (running)\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\nGid:\t${uid}\t${uid}\t${uid}\t${uid}\n`;

function memoryOf({ host, now }: Surroundings): string {
  const ratio = Math.min(0.97, host.usualMemoryRatio * waver(`${host.name} memory`, now, 0.03));
  const used = Math.round(host.memoryKib * ratio);
  const available = host.memoryKib - used;
  const cached = Math.round(available * 0.5);
  const fields: readonly (readonly [string, number])[] = [
    ["MemTotal", host.memoryKib],
    ["MemFree", available - cached],
    ["MemAvailable", available],
    ["Buffers", Math.round(cached * 0.02)],
    ["Cached", cached],
    ["SwapCached", 0],
    ["Active", Math.round(used * 0.6)],
    ["Inactive", Math.round(used * 0.8)],
    ["Active(anon)", Math.round(used * 0.3)],
    ["Inactive(anon)", Math.round(used * 0.4)],
    ["Active(file)", Math.round(used * 0.3)],
    ["Inactive(file)", Math.round(used * 0.4)],
    ["Unevictable", 19552],
    ["Mlocked", 18588],
    ["SwapTotal", host.swapKib],
    ["SwapFree", Math.round(host.swapKib * 0.96)],
    ["Zswap", 0],
    ["Zswapped", 0],
    ["Dirty", 2072],
    ["Writeback", 0],
  ];
  return lines(fields.map(([name, value]) => `${`${name}:`.padEnd(16)}${`${value}`.padStart(8)} kB`));
}

function* etcFiles({ host }: Surroundings): Iterable<FileEntry> {
  yield ["/etc/os-release", () => lines(host.system.osRelease)];
  yield [
    "/etc/passwd",
    () =>
      lines([
        ...systemAccounts,
        ...[{ name: "ops", uid: 1000 }, ...host.persons].map(
          ({ name, uid }) => `${name}:x:${uid}:${uid}::/home/${name}:/bin/bash`,
        ),
      ]),
  ];
  yield [`/boot/vmlinuz-${host.system.kernel}`, () => ""];
  if (host.rebootRequired) yield ["/run/reboot-required", () => "*** System restart required ***\n"];
}

const systemAccounts = [
  "root:x:0:0:root:/root:/bin/bash",
  "daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin",
  "bin:x:2:2:bin:/bin:/usr/sbin/nologin",
  "www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin",
  "_apt:x:42:65534::/nonexistent:/usr/sbin/nologin",
  "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin",
  "sshd:x:991:65534:sshd user:/run/sshd:/usr/sbin/nologin",
];

function* sensorFiles({ host, now }: Surroundings): Iterable<FileEntry> {
  for (const [at, { chip, label, criticalCelsius, usualCelsius }] of host.sensors.entries()) {
    const folder = `/sys/class/hwmon/hwmon${at}`;
    const celsius = () => usualCelsius * waver(`${host.name} ${chip}`, now, 0.06);
    yield [`${folder}/name`, () => `${chip}\n`];
    yield [`${folder}/temp1_input`, () => `${Math.round(celsius() * 20) * 50}\n`];
    if (label !== undefined) yield [`${folder}/temp1_label`, () => `${label}\n`];
    if (criticalCelsius !== undefined) yield [`${folder}/temp1_crit`, () => `${criticalCelsius * 1000}\n`];
  }
}
