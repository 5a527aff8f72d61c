import { buildHost, cpuSensor } from "../build-host.ts";
import { bootPart, disk, filesystem, gigabyte, part, raid1 } from "../disks.ts";
import type { SimulatedHost } from "../state.ts";
import { compose, container, http, tcp, timer } from "../workloads.ts";

const day = 86_400_000;

/** Where most of it runs. */
export function cube(): SimulatedHost {
  const nvme = (name: string) =>
    disk("cube", name, "nvme", [
      bootPart(`${name}p1`),
      part(`${name}p2`, 998 * gigabyte, "linux_raid_member", "md0"),
    ]);
  const healthy = { health: "healthy" } as const;
  return buildHost({
    name: "cube",
    cpus: 12,
    memoryKib: 64 * 1024 ** 2,
    swapKib: 8 * 1024 ** 2,
    usualLoad: 1.9,
    usualMemoryRatio: 0.58,
    sensors: [cpuSensor(57), { chip: "nvme", label: "Composite", criticalCelsius: 85, usualCelsius: 44 }],
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
