import type { Plan } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import { wordDeploy } from "./deploy-parts.ts";
import { findDeployTarget } from "./deploy-target.ts";
import type { Ground } from "./ground.ts";
import { nameIn, seeStaged } from "./staging.ts";

export interface DeployRequest {
  readonly verb: "deploy";
  readonly name: string;
  /** Another host than the one where it is or belongs. */
  readonly on?: string;
  /** What runs under the same name in that environment. */
  readonly environment?: string;
  /** Even if the environment before has not run it. */
  readonly skipStaging?: boolean;
}

/** Puts the declared state of a service in place; no step where it is there. On failure the previous state returns. */
export function* planDeploy(request: DeployRequest, ground: Ground): Planning<Plan> {
  const name = nameIn(request.name, request.environment, ground);
  const target = findDeployTarget(name, request.on, ground);
  const parts = yield* wordDeploy(target, ground);
  const { look, fetch, write, switchOver, gate, basis, onFailure, notes } = parts;
  const isDue = !parts.isInPlace;
  const staged = isDue && !request.skipStaging ? yield* seeStaged(parts, ground) : [];
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
    steps: isDue ? [...look, ...fetch, ...write, ...switchOver, ...gate] : [],
    notes: [...notes, ...staged],
  };
}
