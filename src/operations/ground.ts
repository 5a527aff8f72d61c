import type { Backend } from "../backends/contract.ts";
import type { Inventory } from "../inventory/inventory.ts";
import type { Homelab } from "../model/homelab.ts";

/** What is known, before anything is asked. */
export interface Knowledge {
  readonly inventory: Inventory;
  readonly backends: readonly Backend[];
  readonly homelab: Homelab;
}

/** What every operation is planned from. `homelab`: what was seen just now of the hosts that have to do with it. */
export interface Ground extends Knowledge {
  /** Of the plan, and the tag of all that it makes. */
  readonly id: string;
  readonly now: Date;
}
