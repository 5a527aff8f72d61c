import { buildHost } from "../build-host.ts";
import { bootPart, disk, filesystem, gigabyte, part } from "../disks.ts";
import type { SimulatedHost } from "../state.ts";
import { http, quadlet, timer, unit } from "../workloads.ts";

const day = 86_400_000;

/** The other building, with the second copy of everything. */
export function barn(): SimulatedHost {
  const whole = 4_000_786_014_208;
  const data = (name: string) => disk("barn", name, "hdd", [part(`${name}1`, whole, "btrfs")]);
  const root = part("sda2", 498 * gigabyte, "ext4");
  const usedBytes = 1_702 * gigabyte;
  return buildHost({
    name: "barn",
    cpus: 4,
    memoryKib: 16 * 1024 ** 2,
    usualLoad: 0.6,
    usualMemoryRatio: 0.37,
    sensors: [{ chip: "k10temp", label: "Tctl", usualCelsius: 46 }],
    disks: [disk("barn", "sda", "ssd", [bootPart("sda1"), root]), data("sdb"), data("sdc")],
    btrfsPools: [
      {
        label: "copies",
        mountpoint: "/srv/copies",
        usedBytes,
        scrubbedAt: -11 * day,
        devices: ["sdb1", "sdc1"].map((name) => ({ part: name, sizeBytes: whole })),
      },
    ],
    filesystems: [
      filesystem("/", "/dev/sda2", "ext4", "8:2", root.sizeBytes, 0.09),
      filesystem("/srv/copies", "/dev/sdb1", "btrfs", "0:38", whole, usedBytes / whole),
    ],
    workloads: [
      {
        units: [
          unit("syncthing@ops.service", "Syncthing - Open Source Continuous File Synchronization", {
            ports: [http(8384)],
          }),
        ],
      },
      quadlet("cameras", "ghcr.io/blakeblackshear/frigate:0.15.1", {
        ports: [http(5000)],
        health: "healthy",
      }),
      quadlet("weather", "docker.io/felddy/weewx:5.1.0", { ports: [http(8085, 80)] }),
    ],
    timers: [timer("receive-copies", "Copies from nas", 3_600_000)],
    upses: [
      {
        name: "shed",
        maker: "APC",
        model: "Back-UPS ES 700G",
        serial: "5B1710T40081",
        loadPercent: 18,
        nominalWatts: 405,
        batteryMs: 34 * 60_000,
        line: { isOn: true, since: -30 * day, chargeThen: 100 },
      },
    ],
  });
}
