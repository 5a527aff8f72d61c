import { isWhyNot, type WhyNot } from "../backends/contract.ts";
import { Failure } from "../errors.ts";
import type { Knowledge } from "./ground.ts";
import { lifecycleOf } from "./lifecycle.ts";
import type { Request } from "./operations.ts";
import { findTarget, type Target } from "./target.ts";

/** What a verb cannot do without. Planning looks closer, and may refuse all the same. */
const needs: Record<Request["verb"], (target: Target) => object> = {
  start: lifecycleOf,
  stop: lifecycleOf,
  restart: lifecycleOf,
};

/** Why a verb cannot even be planned for what is named so, as far as it is known already. Asks nobody. */
export function whyNot(verb: Request["verb"], name: string, knowledge: Knowledge): WhyNot | undefined {
  try {
    const found = needs[verb](findTarget(name, knowledge));
    return isWhyNot(found) ? found : undefined;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { whyNot: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
  }
}
