import type { Filesystem } from "../state-storage.ts";
import {
  type Answer,
  complain,
  type FileEntry,
  isAsked,
  lines,
  operandsOf,
  optionOf,
  type Surroundings,
  say,
  type Tool,
} from "./tool.ts";

/** What is mounted, and the space there. */
export const mounts: Tool = {
  isOn: () => true,
  programs: {
    "/usr/bin/df": (args, { host }) => {
      const [path = ""] = operandsOf(args);
      const [found] = host.filesystems
        .filter(({ mountpoint }) => `${path}/`.startsWith(`${mountpoint.replace(/\/$/, "")}/`))
        .sort((a, b) => b.mountpoint.length - a.mountpoint.length);
      if (!isAsked(args, "-P", "-k", "--", "*") || !found)
        return complain(1, `df: ${path}: No such file or directory\n`);
      const [size = 0, used = 0] = [found.sizeBytes, found.usedBytes].map((bytes) => Math.ceil(bytes / 1024));
      const row = [
        found.source,
        size,
        used,
        size - used,
        `${Math.ceil((used / size) * 100)}%`,
        found.mountpoint,
      ];
      return say(`Filesystem     1024-blocks  Used Available Capacity Mounted on\n${row.join(" ")}\n`);
    },
    "/usr/bin/findmnt": (args, { host }) => {
      const [, path] = args;
      const found = host.filesystems.find(({ mountpoint }) => mountpoint === path);
      if (!isAsked(args, "--mountpoint", "*") || !found) return complain(1, "");
      return say(`TARGET SOURCE FSTYPE OPTIONS\n${path} ${found.source} ${found.type} rw\n`);
    },
  },
  files: (surroundings): Iterable<FileEntry> => [["/proc/self/mountinfo", () => mountinfo(surroundings)]],
};

/** `stat -f`, of what is mounted. */
export function statFilesystems(args: readonly string[], { host }: Surroundings): Answer {
  const format = optionOf(args, "-c");
  if (format === undefined) return complain(1, "stat: only -f -c is simulated\n");
  const told = operandsOf(args).map((path) => ({
    path,
    filesystem: host.filesystems.find(({ mountpoint }) => mountpoint === path),
  }));
  const missing = told.filter(({ filesystem }) => filesystem === undefined);
  return {
    exitCode: missing.length === 0 ? 0 : 1,
    stdout: lines(told.flatMap(({ filesystem }) => (filesystem ? sayStat(format, filesystem) : []))),
    stderr: lines(
      missing.map(
        ({ path }) => `stat: cannot read file system information for '${path}': No such file or directory`,
      ),
    ),
  };
}

/** Source of the letters: stat(1), for file systems. */
function sayStat(
  format: string,
  { blockBytes, sizeBytes, usedBytes, inodes, inodesUsed, mountpoint }: Filesystem,
) {
  const blocks = Math.floor(sizeBytes / blockBytes);
  const free = blocks - Math.ceil(usedBytes / blockBytes);
  const values: Readonly<Record<string, string | number>> = {
    S: blockBytes,
    b: blocks,
    f: free,
    a: Math.max(0, free - Math.floor(blocks / 50)),
    c: inodes,
    d: inodes - inodesUsed,
    n: mountpoint,
  };
  return format.replace(/%(\w)/g, (all, letter: string) => `${values[letter] ?? all}`);
}

/** What systemd mounts everywhere, as it was recorded. */
const always = [
  "24 29 0:22 / /sys rw,nosuid,nodev,noexec,relatime shared:6 - sysfs sysfs rw",
  "25 29 0:23 / /proc rw,nosuid,nodev,noexec,relatime shared:11 - proc proc rw",
  "26 29 0:6 / /dev rw,nosuid,relatime shared:2 - devtmpfs udev rw,size=740692k,nr_inodes=185173,mode=755,inode64",
  "27 26 0:24 / /dev/pts rw,nosuid,noexec,relatime shared:3 - devpts devpts rw,gid=5,mode=600,ptmxmode=000",
  "28 29 0:25 / /run rw,nosuid,nodev,noexec,relatime shared:5 - tmpfs tmpfs rw,size=150276k,mode=755,inode64",
  "31 26 0:26 / /dev/shm rw,nosuid,nodev shared:4 - tmpfs tmpfs rw,inode64",
  "32 24 0:27 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:8 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot",
  "41 29 0:33 / /tmp rw,nosuid,nodev shared:18 - tmpfs tmpfs rw,size=751376k,nr_inodes=1048576,inode64",
];

const options: Readonly<Record<string, string>> = {
  zfs: "rw,xattr,noacl,casesensitive",
  btrfs: "rw,discard=async,space_cache=v2,subvolid=5,subvol=/",
};

function mountinfo({ host }: Surroundings): string {
  const own = host.filesystems.map(({ mountpoint, device, type, source }, index) => {
    const [id, parent] = mountpoint === "/" ? [29, 1] : [45 + 3 * index, 29];
    return `${id} ${parent} ${device} / ${mountpoint} rw,relatime shared:${58 + index} - ${type} ${source} ${options[type] ?? "rw"}`;
  });
  return lines([...always, ...own]);
}
