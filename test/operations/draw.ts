import { drawPlan } from "../../src/cli/plan-text.ts";
import { createStyle } from "../../src/cli/style.ts";
import type { Plan } from "../../src/plan/plan.ts";

/** As people read it where nothing is coloured. */
export const draw = (plan: Plan): string => drawPlan(plan, createStyle({}, { NO_COLOR: "1" }));
