import { hostNamed, type Volume } from "../hosts.ts";
import { inHost } from "../nspawn-host.ts";
import { qmp } from "../qmp.ts";
import { run } from "../shell.ts";
import { onHost } from "../ssh-access.ts";
import { controlSocket } from "../vm-host.ts";
import { loopOf, volumeFile } from "../volumes.ts";
import type { Fault } from "./fault.ts";

const nas = hostNamed("nas");
const store = hostNamed("store");
const leg = nas.volumes.at(-1) as Volume;

/** A loop device of size 0 fails every request, as a dead disk does; its node goes too, as udev would have it. */
async function loseBtrfsLeg(): Promise<void> {
  const device = await loopOf(nas, leg.name);
  const file = volumeFile(nas, leg.name);
  await run(["truncate", "--size", "0", file]);
  await run(["losetup", "--set-capacity", device]);
  await onHost("nas", "date > /srv/photos/after-the-fault; sync");
  await inHost(nas, "sh", "-c", `umount ${device}; rm -f ${device}`);
}

async function returnBtrfsLeg(): Promise<void> {
  const device = await loopOf(nas, leg.name);
  await run(["truncate", "--size", `${leg.megabytes}M`, volumeFile(nas, leg.name)]);
  await run(["losetup", "--set-capacity", device]);
  await inHost(nas, "sh", "-c", `[ -b ${device} ] || mknod ${device} b 7 ${device.replace("/dev/loop", "")}`);
  await onHost(
    "nas",
    "rm -f /srv/photos/after-the-fault; sync; btrfs scrub start -B /srv; sync; btrfs device stats -z /srv",
  );
}

const disk = "/dev/disk/by-id/virtio-LAB";

const warn = (flags: number) =>
  qmp(controlSocket(store), "qom-set", {
    path: "/machine/peripheral/nvme",
    property: "smart_critical_warning",
    value: flags,
  });

export const diskFaults: Fault[] = [
  {
    name: "disk-failed-btrfs",
    host: "nas",
    plays: "one of the two disks of /srv fails every request and leaves /dev",
    break: loseBtrfsLeg,
    mend: returnBtrfsLeg,
  },
  {
    name: "disk-failed-mdadm",
    host: "store",
    plays: "/dev/md0 has lost a disk: [U_]",
    break: () => onHost("store", `mdadm --quiet /dev/md0 --fail ${disk}-MD-B`),
    mend: () =>
      onHost(
        "store",
        `mdadm -q /dev/md0 --remove failed; mdadm -q /dev/md0 --add ${disk}-MD-B; mdadm -q --wait /dev/md0 || true`,
      ),
  },
  {
    name: "disk-failed-zfs",
    host: "store",
    plays: "tank is DEGRADED: a disk of its mirror is FAULTED",
    break: () => onHost("store", "zpool offline -f tank virtio-LAB-TANK-B"),
    mend: () => onHost("store", "zpool clear tank; zpool wait -t resilver tank; zpool clear tank"),
  },
  {
    name: "checksum-errors",
    host: "store",
    plays: "a disk of tank returned wrong data; a scrub found and repaired it",
    break: () =>
      onHost(
        "store",
        `zpool sync tank
         dd if=/dev/urandom of=${disk}-TANK-B-part1 bs=1M seek=8 count=150 conv=notrunc,fsync status=none
         zpool scrub -w tank`,
      ),
    mend: () => onHost("store", "zpool clear tank; zpool scrub -w tank; zpool clear tank"),
  },
  {
    name: "smart-failing",
    host: "store",
    plays: "the NVMe disk warns: spare below threshold, reliability degraded",
    break: () => warn(5),
    mend: () => warn(0),
  },
];
