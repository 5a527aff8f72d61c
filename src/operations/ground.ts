import type { Backend } from "../backends/contract.ts";
import type { Inventory } from "../inventory/inventory.ts";
import type { Homelab } from "../model/homelab.ts";
import type { Plan } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";

/** What every operation is planned from. */
export interface Ground {
  readonly inventory: Inventory;
  readonly backends: readonly Backend[];
  /** What was seen just now of the hosts that have to do with it. */
  readonly homelab: Homelab;
  /** Of the plan, and the tag of all that it makes. */
  readonly id: string;
  readonly now: Date;
}

/** An intention, worded: the same intention on the same ground is the same plan. Throws `Refused` with why it cannot be. */
export type Operation<Request> = (request: Request, ground: Ground) => Planning<Plan>;
