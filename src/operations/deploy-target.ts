import type { Backend } from "../backends/contract.ts";
import type { Resource } from "../backends/resource.ts";
import { Refused, UsageError } from "../errors.ts";
import { didYouMean } from "../inventory/nearest.ts";
import type { Service } from "../inventory/service.ts";
import { sight } from "../model/placement.ts";
import type { Known } from "../model/resources.ts";
import type { Ground } from "./ground.ts";
import { findService, type Target } from "./target.ts";

export interface DeployTarget extends Target {
  readonly service: Service;
}

/** Where a service is put: the host that is named, else where it runs, else its home. Throws as `findService`. */
export function findDeployTarget(name: string, on: string | undefined, ground: Ground): DeployTarget {
  if (on === undefined) return findService(name, ground);
  const { inventory, homelab, backends } = ground;
  const host = inventory.hosts.get(on);
  if (!host) throw new UsageError(`There is no host ${on}${didYouMean(on, [...inventory.hosts.keys()])}`);
  const known = homelab.services.find(({ service }) => service.name === name);
  if (!known || known.runsOn.length === 0 || known.runsOn.includes(on)) {
    const target = known?.host === on ? findService(name, ground) : undefined;
    if (target) return target;
  }
  const service = inventory.services.get(name);
  if (!service || !known)
    throw new UsageError(
      `${name} is no service of the inventory${didYouMean(name, [...inventory.services.keys()])}`,
    );
  if (host.protected)
    throw new Refused(`${on} is protected: it is never changed.`, {
      hint: "`protected: true` in the inventory says so.",
    });
  const elsewhere = known.runsOn.filter((each) => each !== on);
  if (elsewhere.length > 0)
    throw new Refused(`${name} runs on ${elsewhere.join(" and ")}: put on ${on} too, it would run twice.`, {
      hint: `scrap stop ${name} first, or declare a service of its own for ${on}.`,
    });
  const main = sight(
    service,
    homelab.resources.filter((resource) => resource.host === on),
  )?.main;
  const backend = backends.find(({ id }) => id === main?.backend);
  return { name, host: on, service, known, ...(main ? { main } : {}), ...(backend ? { backend } : {}) };
}

/** With what will stand for it, where nothing does yet. */
export const withMain = (target: DeployTarget, backend: Backend, main: Resource): DeployTarget => ({
  ...target,
  backend,
  main:
    target.main ??
    ({
      ...main,
      id: `${target.host}/${backend.id}/${main.kind}/${main.name}`,
      host: target.host,
      backend: backend.id,
      health: "unknown",
    } as Known),
});
