import { isWhyNot } from "../backends/contract.ts";
import { Refused } from "../errors.ts";
import type { Plan, Step } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import type { Ground } from "./ground.ts";
import { healthGate } from "./health-gate.ts";
import { hookSteps } from "./hooks.ts";
import { findTarget } from "./target.ts";

export interface LifecycleRequest {
  readonly verb: "start" | "stop" | "restart";
  /** A service, or a unit, container, pod or project. */
  readonly name: string;
}

const words = { start: "Start", stop: "Stop", restart: "Restart" };

/** Starts, stops or restarts what runs, with the user's hooks around it, and sees that it is so. */
export function* planLifecycle({ verb, name }: LifecycleRequest, ground: Ground): Planning<Plan> {
  const target = findTarget(name, ground);
  const { main, backend, host, service } = target;
  if (!main || !backend?.lifecycle)
    throw new Refused(
      main
        ? `${main.id} cannot be ${verb === "stop" ? "stopped" : `${verb}ed`} by itself.`
        : `There is nothing of ${name} on ${host}.`,
      main ? {} : { hint: `scrap deploy ${name} puts it there.` },
    );
  const steps = yield* backend.lifecycle[verb](main, host);
  if (isWhyNot(steps)) throw new Refused(steps.whyNot, { hint: steps.hint });
  const around: readonly Step[] = [
    ...(verb === "start" ? [] : hookSteps("beforeStop", target, ground)),
    ...steps,
    ...(verb === "stop"
      ? []
      : [
          healthGate("well", target, ground, { steadyMs: 3_000, timeoutMs: 60_000 }),
          ...hookSteps("afterStart", target, ground),
        ]),
  ];
  return {
    format: 1,
    id: ground.id,
    operation: verb,
    title: `${words[verb]} ${target.name} on ${host}`,
    madeAt: ground.now.toISOString(),
    services: service ? [service.name] : [],
    hosts: [host],
    basis: [],
    onFailure: "stop",
    steps: around,
    notes: [],
  };
}
