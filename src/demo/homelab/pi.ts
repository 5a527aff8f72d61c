import { buildHost } from "../build-host.ts";
import { filesystem, gigabyte, part, plainDisk } from "../disks.ts";
import type { SimulatedHost } from "../state.ts";
import { debianOnPi } from "../systems.ts";
import { container, http, tcp, unit } from "../workloads.ts";

/** Lights, heating, and what measures them. */
export function pi(): SimulatedHost {
  const root = part("mmcblk0p2", 62 * gigabyte, "ext4");
  return buildHost({
    name: "pi",
    system: debianOnPi,
    cpus: 4,
    memoryKib: 4 * 1024 ** 2,
    usualLoad: 0.55,
    usualMemoryRatio: 0.52,
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
