import { buildHost, cpuSensor } from "../build-host.ts";
import { bootPart, disk, filesystem, gigabyte, part } from "../disks.ts";
import type { SimulatedHost } from "../state.ts";
import { tcp, timer, unit } from "../workloads.ts";

const day = 86_400_000;

/** The way out of the house. */
export function gate(): SimulatedHost {
  const root = part("sda2", 119 * gigabyte, "ext4");
  return buildHost({
    name: "gate",
    cpus: 4,
    memoryKib: 8 * 1024 ** 2,
    usualLoad: 0.12,
    usualMemoryRatio: 0.22,
    sensors: [cpuSensor(48)],
    disks: [{ ...disk("gate", "sda", "ssd", [bootPart("sda1"), root]), sizeBytes: 120 * gigabyte }],
    filesystems: [filesystem("/", "/dev/sda2", "ext4", "8:2", root.sizeBytes, 0.14)],
    workloads: [
      {
        units: [
          unit("unbound.service", "Unbound DNS server", { ports: [tcp(53)], restart: "always" }),
          unit("wg-quick@wg0.service", "WireGuard via wg-quick(8) for wg0", {
            isOneShot: true,
            restart: "no",
          }),
          unit("chrony.service", "chrony, an NTP client/server"),
        ],
      },
    ],
    timers: [timer("blocklist", "Refresh of the block lists", day)],
  });
}
