import type { Inventory } from "../inventory/inventory.ts";
import { emptyInventory } from "../inventory/local-inventory.ts";
import type { Access } from "./access.ts";
import { buildHost } from "./build-host.ts";
import { filesystem, gigabyte, part, plainDisk } from "./disks.ts";
import type { SimulatedHost } from "./state.ts";
import { compose, http, unit } from "./workloads.ts";

const zones = ["north", "east", "south", "west"];

/** As many hosts as wanted, much alike, each with about twenty services: for loads, not for a story. */
export const crowd = (count: number): readonly SimulatedHost[] =>
  Array.from({ length: count }, (_, index) => {
    const name = nameOf(index);
    const root = part("vda1", 84 * gigabyte, "ext4");
    return buildHost({
      name,
      cpus: 2 + (index % 4) * 2,
      usualLoad: 0.1 + (index % 9) / 5,
      usualMemoryRatio: 0.2 + (index % 7) / 12,
      disks: [plainDisk(name, "vda", "virtio", 85 * gigabyte, [root])],
      filesystems: [filesystem("/", "/dev/vda1", "ext4", "254:1", root.sizeBytes, 0.1 + (index % 8) / 10)],
      workloads: [
        {
          units: words.map((word, at) =>
            unit(`${word}.service`, `The ${word}`, { ports: [http(9000 + at)] }),
          ),
        },
        compose("shop", {
          front: ["docker.io/library/caddy:2.10", { ports: [http(8080, 80)], health: "healthy" }],
          back: ["docker.io/library/node:24", { health: "healthy" }],
          db: ["docker.io/library/postgres:17.4"],
          cache: ["docker.io/valkey/valkey:8.1"],
        }),
      ],
    });
  });

const words =
  "ledger poller indexer mailer reporter scanner planner counter archiver builder fetcher keeper sorter watcher router".split(
    " ",
  );

const nameOf = (index: number) => `host${`${index + 1}`.padStart(3, "0")}`;

/** Nobody wrote so much down: hosts in zones, and what runs there is seen. */
export function crowdInventory(ports: ReadonlyMap<string, number>, entry: Access["entry"]): Inventory {
  const names = [...ports.keys()];
  const group = (index: number) => `rack${1 + Math.floor(index / 20)}`;
  return {
    ...emptyInventory,
    hosts: new Map(
      names.map((name, index) => [
        name,
        {
          ...entry,
          name,
          port: ports.get(name) ?? 0,
          groups: [group(index)],
          zone: zones[index % zones.length] ?? "",
          protected: false,
        },
      ]),
    ),
    groups: new Map(
      [...new Set(names.map((_, index) => group(index)))].map((each) => [
        each,
        names.filter((_, index) => group(index) === each),
      ]),
    ),
    sources: new Map(names.map((name) => [name, { kind: "inventory" }])),
  };
}
