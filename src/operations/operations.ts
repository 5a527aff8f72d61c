import type { Plan } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import type { Ground } from "./ground.ts";
import { type LifecycleRequest, planLifecycle } from "./lifecycle.ts";

/** All that a person can ask for. */
export type Request = LifecycleRequest;

/** Words the plan of a request. */
export function planFor(request: Request, ground: Ground): Planning<Plan> {
  switch (request.verb) {
    case "start":
    case "stop":
    case "restart":
      return planLifecycle(request, ground);
    default:
      return request.verb satisfies never;
  }
}

/** What the operation is about, for its id. */
export const subjectOf = ({ name }: Request): string => name;
