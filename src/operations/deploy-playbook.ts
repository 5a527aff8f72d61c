import { Refused } from "../errors.ts";
import type { From } from "../inventory/service.ts";
import type { Planning } from "../plan/planning.ts";
import type { DeployParts } from "./deploy-parts.ts";
import type { DeployTarget } from "./deploy-target.ts";
import type { Ground } from "./ground.ts";

/** Runs the user's playbook for one host. */
export function* deployByPlaybook(
  { name }: DeployTarget,
  _from: Extract<From, { kind: "playbook" }>,
  _ground: Ground,
  _steadyMs: number,
): Planning<DeployParts> {
  throw new Refused(`${name} is put in place by a playbook, which cannot be run yet.`);
}
