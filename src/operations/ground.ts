import type { Backend } from "../backends/contract.ts";
import type { Inventory } from "../inventory/inventory.ts";
import type { Homelab } from "../model/homelab.ts";
import type { Plan } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";

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

/** An intention, worded: the same intention on the same ground is the same plan. Throws `Refused` with why it cannot be. */
export type Operation<Request> = (request: Request, ground: Ground) => Planning<Plan>;
