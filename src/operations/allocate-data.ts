import type { Service } from "../inventory/service.ts";
import type { Step } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import type { Ground } from "./ground.ts";
import { orRefuse } from "./refusing.ts";

/** Makes the places of a service's data that are not there yet, where a tool can. */
export function* allocateData(
  { data }: Service,
  home: string,
  { backends }: Ground,
): Planning<readonly Step[]> {
  const steps: Step[] = [];
  for (const place of data) {
    const allocate = backends.find((backend) => backend.data?.kind === place.kind)?.data?.allocate;
    const made = allocate ? orRefuse(yield* allocate(place, place.on ?? home)) : [];
    steps.push(...made.map((step) => ({ ...step, id: `${step.id}-${steps.length + 1}` })));
  }
  return steps;
}
