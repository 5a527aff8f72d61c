import { buildHost, compose, container, http, pod, quadlet, tcp, timer, unit } from "../build-host.ts";
import { disk, filesystem, filesystemsOf, gigabyte, part, raid1, zfsMirror } from "../disks.ts";
import type { SimulatedHost } from "../state.ts";

const day = 86_400_000;
const boot = (name: string) => part(`${name}1`, 1 * gigabyte, "vfat");
const cpu = (usualCelsius: number) => ({
  chip: "coretemp",
  label: "Package id 0",
  criticalCelsius: 100,
  usualCelsius,
});

/** The way out of the house. */
function gate(): SimulatedHost {
  const root = part("sda2", 119 * gigabyte, "ext4");
  return buildHost({
    ...{
      name: "gate",
      cpus: 4,
      memoryKib: 8 * 1024 ** 2,
      usualLoad: 0.12,
      usualMemoryRatio: 0.22,
      sensors: [cpu(48)],
    },
    disks: [{ ...disk("gate", "sda", "ssd", [boot("sda"), root]), sizeBytes: 120 * gigabyte }],
    filesystems: [filesystem("/", "/dev/sda2", "ext4", "8:2", root.sizeBytes, 0.14)],
    workloads: [
      {
        units: [
          unit("unbound.service", "Unbound DNS server", { ports: [tcp(53)], restart: "always" }),
          unit("wg-quick@wg0.service", "WireGuard via wg-quick(8) for wg0", { sub: "exited", restart: "no" }),
          unit("chrony.service", "chrony, an NTP client/server"),
        ],
      },
    ],
    timers: [timer("blocklist", "Refresh of the block lists", day)],
  });
}

/** The house's memory. */
function nas(): SimulatedHost {
  const system = disk("nas", "sda", "ssd", [boot("sda"), part("sda2", 499 * gigabyte, "ext4")]);
  const parts = (name: string) => [
    part(`${name}1`, 4_000_768_311_296, "zfs_member"),
    part(`${name}9`, 8_388_608, "zfs"),
  ];
  const [left, right] = [disk("nas", "sdb", "hdd", parts("sdb")), disk("nas", "sdc", "hdd", parts("sdc"))];
  const tank = zfsMirror("tank", [left, right], 0.61, {
    media: 0.52,
    backups: 0.27,
    photos: 0.14,
    documents: 0.04,
  });
  return buildHost({
    ...{ name: "nas", cpus: 8, memoryKib: 32 * 1024 ** 2, usualLoad: 0.8, usualMemoryRatio: 0.66 },
    ...{ sensors: [cpu(52)], disks: [system, left, right], zpools: [tank] },
    filesystems: [filesystem("/", "/dev/sda2", "ext4", "8:2", 499 * gigabyte, 0.06), ...filesystemsOf(tank)],
    workloads: [
      {
        units: [
          unit("smbd.service", "Samba SMB Daemon", { ports: [tcp(445)] }),
          unit("nfs-server.service", "NFS server and services", {
            sub: "exited",
            ports: [tcp(2049)],
            restart: "no",
          }),
          unit("rest-server.service", "restic REST server", { ports: [http(8000)], restart: "always" }),
        ],
      },
    ],
    timers: [
      timer("zfs-snapshot", "Snapshots of tank", 3_600_000),
      timer("restic-offsite", "Backup to elsewhere", day),
    ],
    upses: [
      {
        ...{ name: "rack", maker: "EATON", model: "Ellipse PRO 1600", serial: "P303L22A91" },
        ...{ loadPercent: 31, nominalWatts: 1000, batteryMs: 26 * 60_000, isShuttingDown: false },
        line: { isOn: true, since: -9 * day, chargeThen: 100 },
      },
    ],
  });
}

/** Where most of it runs. */
function cube(): SimulatedHost {
  const parts = (name: string) => [boot(name), part(`${name}p2`, 998 * gigabyte, "linux_raid_member", "md0")];
  const nvme = (name: string) =>
    disk(
      "cube",
      name,
      "nvme",
      parts(name).map((each) => ({ ...each, name: each.name.replace("n11", "n1p1") })),
    );
  const healthy = { health: "healthy" } as const;
  return buildHost({
    ...{
      name: "cube",
      cpus: 12,
      memoryKib: 64 * 1024 ** 2,
      swapKib: 8 * 1024 ** 2,
      usualLoad: 1.9,
      usualMemoryRatio: 0.58,
    },
    sensors: [cpu(57), { chip: "nvme", label: "Composite", criticalCelsius: 85, usualCelsius: 44 }],
    disks: [nvme("nvme0n1"), nvme("nvme1n1")],
    arrays: [raid1("md0", 998 * gigabyte, ["nvme0n1p2", "nvme1n1p2"])],
    filesystems: [filesystem("/", "/dev/md0", "ext4", "9:0", 998 * gigabyte, 0.47)],
    workloads: [
      compose("cloud", {
        app: ["docker.io/library/nextcloud:31.0.4", { ports: [http(8080, 80)], ...healthy }],
        cron: ["docker.io/library/nextcloud:31.0.4"],
        db: ["docker.io/library/postgres:17.4", healthy],
        cache: ["docker.io/valkey/valkey:8.1"],
      }),
      compose("forge", {
        server: ["codeberg.org/forgejo/forgejo:11.0.1", { ports: [http(3000), tcp(2222, 22)], ...healthy }],
        db: ["docker.io/library/postgres:17.4", healthy],
      }),
      compose("photos", {
        server: ["ghcr.io/immich-app/immich-server:v1.132.3", { ports: [http(2283)], ...healthy }],
        learning: ["ghcr.io/immich-app/immich-machine-learning:v1.132.3", healthy],
        db: ["docker.io/tensorchord/pgvecto-rs:pg16-v0.3.0", healthy],
        cache: ["docker.io/valkey/valkey:8.1"],
      }),
      compose("papers", {
        web: ["ghcr.io/paperless-ngx/paperless-ngx:2.15", { ports: [http(8010, 8000)], ...healthy }],
        broker: ["docker.io/valkey/valkey:8.1"],
      }),
      {
        containers: [
          container("docker", "media", "docker.io/jellyfin/jellyfin:10.10.7", {
            ports: [http(8096)],
            ...healthy,
          }),
        ],
      },
    ],
    timers: [timer("dumps", "Dumps of the databases", day)],
    updates: [
      { name: "libssl3t64", from: "3.5.1-1", to: "3.5.1-1+deb13u1", isSecurity: true },
      { name: "openssl", from: "3.5.1-1", to: "3.5.1-1+deb13u1", isSecurity: true },
      { name: "tzdata", from: "2026b-0+deb13u1", to: "2026f-0+deb13u1", isSecurity: false },
    ],
  });
}

/** Mail, and what is best kept apart from the rest. */
function pine(): SimulatedHost {
  const root = part("sda2", 499 * gigabyte, "ext4");
  const inMail = {
    pod: "mail",
    mounts: [{ type: "volume", source: "/var/lib/containers/storage/volumes/mail-spool/_data" }],
  } as const;
  return buildHost({
    ...{ name: "pine", cpus: 4, memoryKib: 16 * 1024 ** 2, usualLoad: 0.35, usualMemoryRatio: 0.41 },
    ...{ sensors: [cpu(50)], persons: [{ name: "alice", uid: 1001 }] },
    disks: [disk("pine", "sda", "ssd", [boot("sda"), root])],
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
      quadlet("web", "docker.io/library/caddy:2.10", { ports: [http(8081, 80)], health: "healthy" }),
      quadlet("feeds", "docker.io/miniflux/miniflux:2.2.8", { ports: [http(8083, 8080)] }),
      quadlet("chat", "docker.io/ergochat/ergo:2.16", { ports: [tcp(6697)] }),
      quadlet("notes", "docker.io/silverbulletmd/silverbullet:2.0", {
        user: "alice",
        ports: [http(8084, 3000)],
      }),
    ],
    timers: [timer("certificates", "Renewal of the certificates", day / 2)],
  });
}

export const closet = (): readonly SimulatedHost[] => [gate(), nas(), cube(), pine()];
