import { parseFiles } from "../../command/answers.ts";
import { unreadable } from "../parse.ts";
import { defineProbe, type Probe } from "../probe.ts";

/** One line of /proc/self/mountinfo. Source of the format: proc_pid_mountinfo(5). */
export interface Mount {
  readonly mountpoint: string;
  readonly source: string;
  readonly type: string;
  /** `major:minor` of the file system: the same for all mounts of it. */
  readonly device: string;
  /** Which part of the file system is mounted there. */
  readonly root: string;
  /** As it was asked for. */
  readonly mountedReadOnly: boolean;
  /** As the file system is now. */
  readonly readOnly: boolean;
  /** Made by a user for nobody else: not even root may look into such a FUSE mount. */
  readonly isPrivate: boolean;
}

const mountinfo = "/proc/self/mountinfo";

/** What the login sees mounted, but for the kernel's own and for containers. The topmost of each mount point. */
export const mountsProbe = (backend: string, freshMs: number): Probe<readonly Mount[]> =>
  defineProbe({
    id: `${backend}.mounts`,
    question: { files: [mountinfo] },
    freshMs,
    sees: "mounted file systems",
    parse: ({ stdout }) => {
      const lines = parseFiles(stdout).get(mountinfo)?.split("\n") ?? [];
      const topmost = new Map<string, Mount>();
      for (const mount of lines.filter((line) => line !== "").map(toMount))
        topmost.set(mount.mountpoint, mount);
      return [...topmost.values()].filter(isOfInterest);
    },
  });

function toMount(line: string): Mount {
  const [fixed = "", rest] = line.split(" - ", 2);
  const [, , device, root, mountpoint, options] = fixed.split(" ");
  const [type, source, superOptions] = rest?.split(" ") ?? [];
  if (
    device === undefined ||
    root === undefined ||
    mountpoint === undefined ||
    options === undefined ||
    type === undefined ||
    source === undefined ||
    superOptions === undefined
  ) {
    throw unreadable("Not a mount", line);
  }
  return {
    mountpoint: toText(mountpoint),
    source: toText(source),
    type,
    device,
    root: toText(root),
    mountedReadOnly: has(options, "ro"),
    readOnly: has(superOptions, "ro"),
    isPrivate: /\buser_id=[1-9]/.test(superOptions) && !has(superOptions, "allow_other"),
  };
}

const has = (options: string, option: string) => options.split(",").includes(option);

/** Blanks and backslashes come as octal numbers: `\040`. */
const toText = (word: string) =>
  word.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

const local = new Set(
  (
    "ext2 ext3 ext4 xfs btrfs zfs f2fs jfs reiserfs bcachefs nilfs2 vfat exfat ntfs ntfs3 fuseblk " +
    "ufs hfsplus ubifs jffs2 virtiofs"
  ).split(" "),
);
const network = new Set("nfs nfs4 cifs smb3 ceph 9p afs lustre glusterfs".split(" "));
/** Not there to keep anything. */
const virtual = new Set("fuse.lxcfs fuse.gvfsd-fuse fuse.portal fuse.snapfuse fuse.squashfuse".split(" "));

/** Somebody else answers for it: a server, or a process. It may not answer at all. */
export const isRemote = ({ type }: Mount): boolean => network.has(type) || /^fuse(\.|$)/.test(type);

/** Under these are the mounts of containers, snaps and of the system itself. */
const systems =
  /^\/(?:proc|sys|dev|snap|run(?!\/media\/)|var\/lib\/(?:docker|containers|containerd|kubelet|lxcfs|snapd))(?:\/|$)|\/\.local\/share\/containers\/|^\/etc\/(?:hosts|hostname|resolv\.conf)$/;

function isOfInterest(mount: Mount): boolean {
  if (systems.test(mount.mountpoint) || virtual.has(mount.type) || mount.isPrivate) return false;
  if (mount.mountpoint === "/") return !["rootfs", "ramfs", "squashfs"].includes(mount.type);
  return local.has(mount.type) || isRemote(mount);
}

/** All mounts of one file system, the one with the shortest path first. */
export function groupByFilesystem(mounts: readonly Mount[]): readonly (readonly [Mount, ...Mount[]])[] {
  const groups = new Map<string, [Mount, ...Mount[]]>();
  const shortestFirst = mounts.toSorted((a, b) => a.mountpoint.length - b.mountpoint.length);
  for (const mount of shortestFirst) {
    const group = groups.get(mount.device);
    if (group) group.push(mount);
    else groups.set(mount.device, [mount]);
  }
  return [...groups.values()];
}
