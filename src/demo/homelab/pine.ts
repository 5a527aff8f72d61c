import { buildHost, cpuSensor } from "../build-host.ts";
import { bootPart, disk, filesystem, gigabyte, part } from "../disks.ts";
import type { SimulatedHost } from "../state.ts";
import type { Repository } from "../state-copies.ts";
import { http, pod, quadlet, tcp, timer } from "../workloads.ts";

const day = 86_400_000;

/** Mail, and what is best kept apart from the rest. */
export function pine(repositories: readonly Repository[]): SimulatedHost {
  const root = part("sda2", 499 * gigabyte, "ext4");
  const inMail = {
    pod: "mail",
    mounts: [{ type: "volume", source: "/var/lib/containers/storage/volumes/mail-spool/_data" }],
  } as const;
  return buildHost({
    name: "pine",
    repositories,
    cpus: 4,
    memoryKib: 16 * 1024 ** 2,
    usualLoad: 0.35,
    usualMemoryRatio: 0.41,
    sensors: [cpuSensor(50)],
    persons: [{ name: "alice", uid: 1001 }],
    disks: [disk("pine", "sda", "ssd", [bootPart("sda1"), root])],
    filesystems: [filesystem("/", "/dev/sda2", "ext4", "8:2", root.sizeBytes, 0.38)],
    workloads: [
      pod(
        "mail",
        [tcp(25), tcp(993)],
        [
          quadlet("mail-smtp", "docker.io/boky/postfix:4.4.0", inMail),
          quadlet("mail-imap", "docker.io/dovecot/dovecot:2.4.1", inMail),
          quadlet("mail-filter", "docker.io/rspamd/rspamd:3.11", { pod: "mail" }),
        ],
      ),
      quadlet("web", "docker.io/library/caddy:2.10.0", { ports: [http(8081, 80)], health: "healthy" }),
      quadlet("feeds", "docker.io/miniflux/miniflux:2.2.8", { ports: [http(8083, 8080)] }),
      quadlet("chat", "docker.io/ergochat/ergo:2.16.0", { ports: [tcp(6697)] }),
      quadlet("notes", "docker.io/silverbulletmd/silverbullet:2.0", {
        user: "alice",
        ports: [http(8084, 3000)],
      }),
    ],
    timers: [
      timer("certificates", "Renewal of the certificates", day / 2),
      timer("restic-offsite", "Backup to elsewhere", 1_800_000),
    ],
  });
}
