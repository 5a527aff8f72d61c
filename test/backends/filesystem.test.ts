import { expect, it } from "vitest";
import { findingsOfMode, findingsOfSpace } from "../../src/backends/storage/filesystem/findings.ts";
import { groupByFilesystem, type Mount, mountsProbe } from "../../src/backends/storage/mounts.ts";

const gibibyte = 1024 ** 3;
const space = (usedBytes: number, availableBytes: number) => ({
  mountpoint: "/data",
  sizeBytes: usedBytes + availableBytes,
  usedBytes,
  availableBytes,
});
const said = (usedBytes: number, availableBytes: number) =>
  findingsOfSpace(space(usedBytes, availableBytes)).map(({ severity, message }) => `${severity}: ${message}`);

it("says that a small file system is nearly full, and not that a large one has a lot left", () => {
  expect(said(89 * gibibyte, 11 * gibibyte)).toEqual([]);
  expect(said(92 * gibibyte, 8 * gibibyte)).toEqual(["warning: /data is 92 % full, 8.0 GiB left"]);
  expect(said(96 * gibibyte, 4 * gibibyte)).toEqual(["failed: /data is 96 % full, 4.0 GiB left"]);
  expect(said(960 * gibibyte, 40 * gibibyte)).toEqual(["warning: /data is 96 % full, 40.0 GiB left"]);
  expect(said(9600 * gibibyte, 400 * gibibyte)).toEqual([]);
  expect(said(0, 0)).toEqual([]);
});

const mount = (options: Partial<Mount>): Mount => ({
  mountpoint: "/data",
  source: "/dev/sda1",
  type: "ext4",
  device: "8:1",
  root: "/",
  mountedReadOnly: false,
  readOnly: false,
  isPrivate: false,
  ...options,
});

it("tells a file system that the kernel made read-only from one that is meant to be", () => {
  expect(findingsOfMode([mount({ readOnly: true })])[0]).toMatchObject({ severity: "failed" });
  expect(findingsOfMode([mount({ readOnly: true, mountedReadOnly: true })])).toEqual([]);
  expect(findingsOfMode([mount({ mountedReadOnly: true })])).toEqual([]);
  // `mount -o remount,ro /` marks the mount it was said of, not the others of the same file system.
  const [group] = groupByFilesystem([
    mount({ mountpoint: "/var/log/journal", readOnly: true }),
    mount({ mountpoint: "/", readOnly: true, mountedReadOnly: true }),
  ]);
  expect(group?.map(({ mountpoint }) => mountpoint)).toEqual(["/", "/var/log/journal"]);
  expect(group && findingsOfMode(group)).toEqual([]);
});

const read = (...lines: string[]) =>
  mountsProbe("filesystem", 1).parse({
    exitCode: 0,
    stdout: ["=/proc/self/mountinfo", ...lines.map((line) => `:${line}`)].join("\n"),
    stderr: "",
  });

it("leaves out what belongs to the system, to containers, or to one user alone", () => {
  const mounts = read(
    "21 1 8:1 / / rw - ext4 /dev/sda1 rw",
    "22 21 0:5 / /proc rw - proc proc rw",
    "23 21 0:40 / /srv/my\\040films rw - nfs4 server:/films rw,vers=4.2",
    "24 21 0:41 / /var/lib/docker/overlay2/1/merged rw - overlay overlay rw",
    "25 21 8:1 /etc/hosts /etc/hosts rw - ext4 /dev/sda1 rw",
    "26 21 0:42 / /home/alice/cloud rw - fuse.rclone cloud: rw,user_id=1000,group_id=1000",
    "27 21 0:43 / /srv/cloud rw - fuse.rclone cloud: rw,user_id=1000,group_id=1000,allow_other",
    "28 21 0:44 / /mnt/auto rw - autofs systemd-1 rw",
  );
  expect(mounts.map(({ mountpoint }) => mountpoint)).toEqual(["/", "/srv/my films", "/srv/cloud"]);
});

it("sees what is mounted on top", () => {
  const mounts = read(
    "21 1 0:50 / /mnt/nas rw - autofs systemd-1 rw",
    "22 21 0:51 / /mnt/nas rw - nfs4 nas:/export rw",
  );
  expect(mounts).toMatchObject([{ mountpoint: "/mnt/nas", type: "nfs4" }]);
  expect(
    read("21 1 8:1 / /data rw - ext4 /dev/sda1 rw", "22 21 0:9 / /data rw - tmpfs tmpfs rw").length,
  ).toBe(0);
});
