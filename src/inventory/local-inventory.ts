import { hostname } from "node:os";
import type { Inventory } from "./inventory.ts";

/** Nobody and nothing. */
export const emptyInventory: Inventory = {
  hosts: new Map(),
  groups: new Map(),
  ups: new Map(),
  environments: new Map(),
  sla: new Map(),
  repositories: new Map(),
  services: new Map(),
  sources: new Map(),
  warnings: [],
};

/** This machine alone, under its short name, for those who have written nothing down yet. */
export function localInventory(): Inventory {
  const name = hostname().replace(/\..*/, "") || "localhost";
  return {
    ...emptyInventory,
    hosts: new Map([[name, { name, transport: "local", become: "sudo", groups: [], protected: false }]]),
    sources: new Map([[name, { kind: "this machine" }]]),
  };
}
