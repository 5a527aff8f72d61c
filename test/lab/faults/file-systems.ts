import { onHost } from "../ssh-access.ts";
import type { Fault } from "./fault.ts";

export const fileSystemFaults: Fault[] = [
  {
    name: "filesystem-full",
    host: "vps1",
    plays: "/var/lib/small has no byte left",
    break: () =>
      onHost(
        "vps1",
        "dd if=/dev/zero of=/var/lib/small/fill bs=64k 2>/dev/null || true; sync /var/lib/small",
      ),
    mend: () => onHost("vps1", "rm -f /var/lib/small/fill"),
  },
  {
    name: "inodes-full",
    host: "vps1",
    plays: "/var/lib/small has room, but no inode left",
    break: () =>
      onHost(
        "vps1",
        "mkdir -p /var/lib/small/many; cd /var/lib/small/many; seq 2000 | xargs touch 2>/dev/null || true",
      ),
    mend: () => onHost("vps1", "rm -rf /var/lib/small/many"),
  },
  {
    name: "dead-mount",
    host: "vps1",
    plays: "a file server does not answer: df and stat of /mnt/dead hang",
    break: () => onHost("vps1", "systemd-run --quiet --unit=dead-mount /opt/lab/dead-mount.sh; sleep 0.5"),
    // Without its server the kernel fails what was waiting; only then can the mount go.
    mend: () =>
      onHost("vps1", "systemctl stop dead-mount; umount --lazy /mnt/dead || true; systemctl reset-failed"),
  },
];
