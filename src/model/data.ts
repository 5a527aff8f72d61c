import type { Reference } from "../backends/resource.ts";
import type { Inventory } from "../inventory/inventory.ts";
import type { Data, Service } from "../inventory/service.ts";
import { createJoin } from "./references.ts";
import type { Known } from "./resources.ts";
import { candidatesOf } from "./whereabouts.ts";

type Kept = Pick<Service, "data" | "runs">;

/**
 * What a service keeps its data on: file systems, datasets and logical volumes, of the host where it runs or of that
 * which its data names. What nobody sees is left out.
 */
export function dataOf(
  service: Kept,
  host: string,
  resourcesOf: (host: string) => readonly Known[],
): readonly Known[] {
  return service.data.flatMap((data) => {
    const resources = resourcesOf(data.on ?? host);
    return referencesTo(data, service, resources).flatMap(createJoin(resources).resolve);
  });
}

/** By host, the places where its declared services keep data, or will if they are moved there. */
export function placesByHost({
  services,
}: Pick<Inventory, "services">): ReadonlyMap<string, readonly Data[]> {
  const places = new Map<string, Map<string, Data>>();
  for (const service of services.values())
    for (const data of service.data)
      for (const host of data.on === undefined ? candidatesOf(service) : [data.on]) {
        const there = places.get(host) ?? new Map<string, Data>();
        places.set(host, there.set(`${data.kind} ${data.name}`, data));
      }
  return new Map([...places].map(([host, there]) => [host, [...there.values()]]));
}

/** By which names a place of data is known on its host. */
export function referencesTo(
  { kind, name }: Data,
  { runs }: Kept,
  resources: readonly Known[],
): readonly Reference[] {
  switch (kind) {
    case "zfs":
      return [`dataset:${name}`];
    case "btrfs":
    case "path":
      return [`mount:${name}`];
    case "lvm":
      return [`lv:${name}`];
    case "volume":
      return mountsOfVolume(name, runs, resources);
    default:
      return kind satisfies never;
  }
}

/** Where a volume is, its containers tell: docker and podman keep each in `volumes/NAME/_data`, wherever their root is. */
function mountsOfVolume(
  name: string,
  { kind, name: project, user }: Kept["runs"],
  resources: readonly Known[],
) {
  // As podman calls that of a quadlet, and Compose that of a project.
  const names = [name, `systemd-${name}`, ...(kind === "compose" ? [`${project}_${name}`] : [])];
  const mounts = resources
    .filter((resource) => resource.kind === "container" && resource.user === user)
    .flatMap(({ uses }) => uses.filter((reference) => reference.startsWith("mount:")));
  const called = names.find((each) => mounts.some((mount) => mount.endsWith(`/volumes/${each}/_data`)));
  return [...new Set(mounts)].filter((mount) => mount.endsWith(`/volumes/${called}/_data`));
}
