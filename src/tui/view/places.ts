import { basename } from "node:path";
import type { Inventory } from "../../inventory/inventory.ts";
import type { Place } from "./lab.ts";

/** Its zones, as people speak of it; else the name of its file, where that says something. */
export function titleOf({ hosts, file }: Inventory): string {
  const zones = [...new Set([...hosts.values()].flatMap(({ zone }) => zone ?? []))];
  if (zones.length > 0) return zones.length > 3 ? `${zones.length} zones` : zones.join("+");
  const name = file === undefined ? "" : basename(file).replace(/\.ya?ml$/, "");
  return name === "inventory" ? "" : name;
}

/** Where the inventory has its hosts. */
export const placesOf = ({ hosts }: Inventory): ReadonlyMap<string, Place> =>
  new Map(
    [...hosts.values()].map(({ name, zone, groups, power }) => [
      name,
      { groups, ...(zone === undefined ? {} : { zone }), ...(power === undefined ? {} : { power }) },
    ]),
  );
