import { Refused, UsageError } from "../errors.ts";
import type { Inventory } from "../inventory/inventory.ts";
import type { Service } from "../inventory/service.ts";
import type { Planning } from "../plan/planning.ts";
import { type DeployParts, wordDeploy } from "./deploy-parts.ts";
import { findDeployTarget } from "./deploy-target.ts";
import type { Ground } from "./ground.ts";

/** The same thing in other environments: what is declared to run under the same name on another host. */
export const alikeOf = (service: Service, { services }: Inventory): readonly Service[] =>
  [...services.values()].filter(
    ({ name, runs }) =>
      name !== service.name && runs.kind === service.runs.kind && runs.name === service.runs.name,
  );

const counterpartOf = (service: Service, environment: string, inventory: Inventory) =>
  alikeOf(service, inventory).find((other) => other.environment === environment);

/** The environment that must run what a service gets; undefined where there is none. */
const stagingOf = ({ environment = "" }: Service, { environments }: Inventory): string | undefined =>
  environments.get(environment)?.after;

/** The service that is meant by a name in an environment. Throws `UsageError` when there is none. */
export function nameIn(name: string, environment: string | undefined, { inventory }: Ground): string {
  const service = inventory.services.get(name);
  if (environment === undefined || !service || service.environment === environment) return name;
  const other = counterpartOf(service, environment, inventory);
  if (!other)
    throw new UsageError(`No service with \`environment: ${environment}\` runs ${service.runs.name}.`);
  return other.name;
}

/** Notes on what was staged; `to` is what it is upgraded to. Throws `Refused` unless the environment before runs this very version, and well. */
export function* seeStaged(
  { target, version }: DeployParts,
  ground: Ground,
  to?: string,
): Planning<readonly string[]> {
  const { service } = target;
  const environment = stagingOf(service, ground.inventory);
  if (environment === undefined) return [];
  const staged = counterpartOf(service, environment, ground.inventory);
  if (!staged) return [`Nothing of ${service.name} is declared in ${environment}: it was not tried there.`];
  const there = yield* wordDeploy(findDeployTarget(staged.name, undefined, ground), ground);
  const isWell = ground.homelab.services.some(
    ({ service: { name }, health }) => name === staged.name && health === "ok",
  );
  const why = !there.isInPlace
    ? "is not as it is declared"
    : there.version !== version
      ? `runs ${there.version}`
      : isWell
        ? undefined
        : "is not well";
  if (why === undefined) return [`${staged.name} runs the same in ${environment}, and is well.`];
  throw new Refused(`${environment} has not run this version of ${service.name}: ${staged.name} ${why}.`, {
    hint: `scrap ${to === undefined ? `deploy ${staged.name}` : `upgrade ${staged.name} --to ${to}`} first; --skip-staging goes without.`,
  });
}
