import { buildHost } from "../build-host.ts";
import { filesystem, gigabyte, part, plainDisk } from "../disks.ts";
import type { SimulatedHost } from "../state.ts";
import { compose, http, quadlet, tcp, timer, unit } from "../workloads.ts";

const day = 86_400_000;

const rented = (
  name: string,
  more: Partial<SimulatedHost> & Pick<Parameters<typeof buildHost>[0], "workloads">,
) => {
  const root = part("vda1", 84 * gigabyte, "ext4");
  return buildHost({
    name,
    cpus: 2,
    memoryKib: 4 * 1024 ** 2,
    usualLoad: 0.2,
    usualMemoryRatio: 0.44,
    disks: [plainDisk(name, "vda", "virtio", 85 * gigabyte, [root])],
    filesystems: [filesystem("/", "/dev/vda1", "ext4", "254:1", root.sizeBytes, 0.27)],
    ...more,
  });
};

/** What the world sees. */
export const vps1 = () =>
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
export const vps2 = () =>
  rented("vps2", {
    workloads: [
      {
        units: [unit("postfix@-.service", "Postfix Mail Transport Agent (instance -)", { ports: [tcp(25)] })],
      },
      quadlet("status", "docker.io/twinproduction/gatus:5.17.0", {
        ports: [http(8090, 8080)],
        health: "healthy",
      }),
      quadlet("metrics", "docker.io/victoriametrics/victoria-metrics:1.115.0", { ports: [http(8428)] }),
    ],
    timers: [timer("backup", "Nightly backup of /etc", day)],
  });
