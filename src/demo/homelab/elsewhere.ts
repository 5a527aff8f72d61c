import { buildHost, compose, container, http, quadlet, tcp, timer, unit } from "../build-host.ts";
import { disk, filesystem, gigabyte, part, plainDisk } from "../disks.ts";
import type { SimulatedHost } from "../state.ts";
import { debianOnPi } from "../systems.ts";

const day = 86_400_000;

/** The other building, with the second copy of everything. */
function barn(): SimulatedHost {
  const whole = 4_000_786_014_208;
  const data = (name: string) => disk("barn", name, "hdd", [part(`${name}1`, whole, "btrfs")]);
  const root = part("sda2", 498 * gigabyte, "ext4");
  const usedBytes = 1_702 * gigabyte;
  return buildHost({
    ...{ name: "barn", cpus: 4, memoryKib: 16 * 1024 ** 2, usualLoad: 0.6, usualMemoryRatio: 0.37 },
    sensors: [{ chip: "k10temp", label: "Tctl", usualCelsius: 46 }],
    disks: [disk("barn", "sda", "ssd", [part("sda1", 1 * gigabyte, "vfat"), root]), data("sdb"), data("sdc")],
    btrfsPools: [
      {
        ...{ label: "copies", mountpoint: "/srv/copies", usedBytes, scrubbedAt: -11 * day },
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
      quadlet("weather", "docker.io/felddy/weewx:5.1", { ports: [http(8085, 80)] }),
    ],
    timers: [timer("receive-copies", "Copies from nas", 3_600_000)],
    upses: [
      {
        ...{ name: "shed", maker: "APC", model: "Back-UPS ES 700G", serial: "5B1710T40081" },
        ...{ loadPercent: 18, nominalWatts: 405, batteryMs: 34 * 60_000, isShuttingDown: false },
        line: { isOn: true, since: -30 * day, chargeThen: 100 },
      },
    ],
  });
}

/** Lights, heating, and what measures them. */
function pi(): SimulatedHost {
  const root = part("mmcblk0p2", 62 * gigabyte, "ext4");
  return buildHost({
    ...{
      name: "pi",
      system: debianOnPi,
      cpus: 4,
      memoryKib: 4 * 1024 ** 2,
      usualLoad: 0.55,
      usualMemoryRatio: 0.52,
    },
    sensors: [{ chip: "cpu_thermal", usualCelsius: 55 }],
    disks: [
      plainDisk("pi", "mmcblk0", "mmc", 63 * gigabyte, [part("mmcblk0p1", gigabyte / 2, "vfat"), root]),
    ],
    filesystems: [filesystem("/", "/dev/mmcblk0p2", "ext4", "179:2", root.sizeBytes, 0.33)],
    workloads: [
      { units: [unit("mosquitto.service", "Mosquitto MQTT Broker", { ports: [tcp(1883)] })] },
      {
        containers: [
          container("docker", "home", "ghcr.io/home-assistant/home-assistant:2026.11", {
            ports: [http(8123)],
          }),
          container("docker", "zigbee", "docker.io/koenkk/zigbee2mqtt:2.3.0", { ports: [http(8086, 8080)] }),
        ],
      },
    ],
  });
}

const rented = (
  name: string,
  more: Partial<SimulatedHost> & Pick<Parameters<typeof buildHost>[0], "workloads">,
) => {
  const root = part("vda1", 84 * gigabyte, "ext4");
  return buildHost({
    ...{ name, cpus: 2, memoryKib: 4 * 1024 ** 2, usualLoad: 0.2, usualMemoryRatio: 0.44 },
    disks: [plainDisk(name, "vda", "virtio", 85 * gigabyte, [root])],
    filesystems: [filesystem("/", "/dev/vda1", "ext4", "254:1", root.sizeBytes, 0.27)],
    ...more,
  });
};

/** What the world sees. */
const vps1 = () =>
  rented("vps1", {
    workloads: [
      {
        units: [
          unit("caddy.service", "Caddy", { ports: [http(80), tcp(443)] }),
          unit("headscale.service", "headscale coordination server", {
            ports: [http(8087)],
            restart: "always",
          }),
        ],
      },
      compose("matrix", {
        synapse: ["ghcr.io/element-hq/synapse:v1.129.0", { ports: [http(8008)], health: "healthy" }],
        db: ["docker.io/library/postgres:17.4", { health: "healthy" }],
      }),
    ],
    updates: [{ name: "caddy", from: "2.9.1", to: "2.10.0", isSecurity: false }],
  });

/** What looks at all the others from outside. */
const vps2 = () =>
  rented("vps2", {
    workloads: [
      {
        units: [unit("postfix@-.service", "Postfix Mail Transport Agent (instance -)", { ports: [tcp(25)] })],
      },
      quadlet("status", "docker.io/twinproduction/gatus:5.17", {
        ports: [http(8090, 8080)],
        health: "healthy",
      }),
      quadlet("metrics", "docker.io/victoriametrics/victoria-metrics:1.115", { ports: [http(8428)] }),
    ],
    timers: [timer("backup", "Nightly backup of /etc", day)],
  });

export const elsewhere = (): readonly SimulatedHost[] => [barn(), pi(), vps1(), vps2()];
