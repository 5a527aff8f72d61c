import { buildHost, cpuSensor } from "../build-host.ts";
import { bootPart, disk, filesystem, filesystemsOf, gigabyte, part, zfsMirror } from "../disks.ts";
import type { SimulatedHost } from "../state.ts";
import type { Repository } from "../state-copies.ts";
import { http, quadlet, tcp, timer, unit } from "../workloads.ts";

/** The house's memory. */
export function nas(repositories: readonly Repository[]): SimulatedHost {
  const system = disk("nas", "sda", "ssd", [bootPart("sda1"), part("sda2", 499 * gigabyte, "ext4")]);
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
    recipes: 0.001,
  });
  return buildHost({
    name: "nas",
    repositories,
    cpus: 8,
    memoryKib: 32 * 1024 ** 2,
    usualLoad: 0.8,
    usualMemoryRatio: 0.66,
    sensors: [cpuSensor(52)],
    disks: [system, left, right],
    zpools: [tank],
    filesystems: [filesystem("/", "/dev/sda2", "ext4", "8:2", 499 * gigabyte, 0.06), ...filesystemsOf(tank)],
    workloads: [
      {
        units: [
          unit("smbd.service", "Samba SMB Daemon", { ports: [tcp(445)] }),
          unit("nfs-server.service", "NFS server and services", {
            isOneShot: true,
            ports: [tcp(2049)],
            restart: "no",
          }),
          unit("rest-server.service", "restic REST server", { ports: [http(8000)], restart: "always" }),
        ],
      },
      quadlet("recipes", "ghcr.io/mealie-recipes/mealie:2.8.0", {
        ports: [http(9925, 9000)],
        health: "healthy",
        mounts: [{ type: "bind", source: "/tank/recipes" }],
      }),
    ],
    timers: [
      timer("zfs-snapshot", "Snapshots of tank", 900_000),
      timer("restic-offsite", "Backup to elsewhere", 1_800_000),
    ],
    upses: [
      {
        name: "rack",
        maker: "EATON",
        model: "Ellipse PRO 1600",
        serial: "P303L22A91",
        loadPercent: 31,
        nominalWatts: 1000,
        batteryMs: 26 * 60_000,
        line: { isOn: true, since: -9 * 86_400_000, chargeThen: 100 },
      },
    ],
  });
}
