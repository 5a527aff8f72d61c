import type { Plan } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import { wordDeploy } from "./deploy-parts.ts";
import { findDeployTarget } from "./deploy-target.ts";
import type { Ground } from "./ground.ts";

export interface DeployRequest {
  readonly verb: "deploy";
  readonly name: string;
  /** Another host than the one where it is or belongs. */
  readonly on?: string;
}

/** Puts the declared state of a service in place; no step where it is there. On failure the previous state returns. */
export function* planDeploy({ name, on }: DeployRequest, ground: Ground): Planning<Plan> {
  const target = findDeployTarget(name, on, ground);
  const parts = yield* wordDeploy(target, ground);
  const { look, fetch, write, switchOver, gate, basis, onFailure, notes } = parts;
  return {
    format: 1,
    id: ground.id,
    operation: "deploy",
    title: `Deploy ${target.name} on ${target.host}`,
    madeAt: ground.now.toISOString(),
    services: [target.service.name],
    hosts: [target.host],
    basis,
    onFailure,
    steps: parts.isInPlace ? [] : [...look, ...fetch, ...write, ...switchOver, ...gate],
    notes,
  };
}
