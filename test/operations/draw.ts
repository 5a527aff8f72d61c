import { drawPlan } from "../../src/cli/plan-text.ts";
import { createStyle } from "../../src/cli/style.ts";
import type { Plan } from "../../src/plan/plan.ts";

/** Word by word, where nothing is coloured. */
export const draw = (plan: Plan): string => drawPlan(plan, createStyle({}, { NO_COLOR: "1" }), true);
