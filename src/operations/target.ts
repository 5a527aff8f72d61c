import type { Backend } from "../backends/contract.ts";
import { Refused, UsageError } from "../errors.ts";
import { didYouMean } from "../inventory/nearest.ts";
import type { Service } from "../inventory/service.ts";
import type { Known } from "../model/resources.ts";
import type { KnownService } from "../model/services.ts";
import type { Knowledge } from "./ground.ts";

/** What an operation is about: a declared service where it is, or one thing that runs undeclared. */
export interface Target {
  readonly name: string;
  readonly host: string;
  /** The unit, pod, project or container that stands for it on its host; undefined when there is none yet. */
  readonly main?: Known;
  readonly backend?: Backend;
  readonly service?: Service;
  readonly known?: KnownService;
}

const lifecycleKinds = ["unit", "container", "pod", "project"] as const;

/**
 * A service by its name, else a unit, container, pod or project by its own. Throws `UsageError` for a name that means
 * nothing or several, `Refused` where we may not or cannot know enough to act.
 */
export function findTarget(name: string, ground: Knowledge): Target {
  const known = ground.homelab.services.find(({ service, id }) => service.name === name || id === name);
  const target = known ? ofService(known, ground) : ofResource(name, ground);
  if (ground.inventory.hosts.get(target.host)?.protected)
    throw new Refused(`${target.host} is protected: it is never changed.`, {
      hint: "`protected: true` in the inventory says so.",
    });
  return target;
}

/** Throws `UsageError` unless it is a declared service. */
export function findService(
  name: string,
  ground: Knowledge,
): Target & Required<Pick<Target, "service" | "known">> {
  const target = findTarget(name, ground);
  const { service, known } = target;
  if (!service || !known)
    throw new UsageError(
      `${name} is no service of the inventory${didYouMean(name, [...ground.inventory.services.keys()])}`,
    );
  return { ...target, service, known };
}

function ofService(known: KnownService, { backends, homelab }: Knowledge): Target {
  const { service, runsOn, host } = known;
  if (runsOn.length > 1)
    throw new Refused(`${service.name} runs on ${runsOn.join(" and ")} at once: which one is meant?`, {
      hint: "Stop one of them by its own name first: scrap stop HOST/BACKEND/KIND/NAME.",
    });
  const away = homelab.hosts.find(({ name, state }) => name === host && state === "unreachable");
  if (away)
    throw new Refused(`${host} is not reachable: nobody knows what ${service.name} does there.`, {
      hint: away.problems[0]?.message,
    });
  const doubt = known.findings.find(({ severity }) => severity === "unknown");
  if (runsOn.length === 0 && doubt)
    throw new Refused(`Nobody knows where ${service.name} runs: ${doubt.message}`, {
      hint: `scrap status ${host} tells what it does not answer; a slow host needs more time: --timeout 180.`,
    });
  const [main] = known.parts;
  return { name: service.name, host, service, known, ...withBackend(main, backends) };
}

function ofResource(name: string, { homelab, backends, inventory }: Knowledge): Target {
  const named = homelab.resources.filter(
    (resource) =>
      lifecycleKinds.some((kind) => kind === resource.kind) &&
      [
        resource.id,
        resource.name,
        `${resource.host}/${resource.name}`,
        `${resource.name}`.replace(/\.service$/, ""),
      ].includes(name),
  );
  const [main, ...others] = named;
  if (!main)
    throw new UsageError(
      `No service, unit, container, pod or project is named ${name}${didYouMean(name, [...inventory.services.keys()])}`,
    );
  if (others.length > 0)
    throw new UsageError(
      `There are ${named.length} of that name:\n${named.map(({ id }) => `  ${id}`).join("\n")}`,
      { hint: "Name one of them in full." },
    );
  return { name: main.name, host: main.host, ...withBackend(main, backends) };
}

function withBackend(main: Known | undefined, backends: readonly Backend[]) {
  const backend = backends.find(({ id }) => id === main?.backend);
  return { ...(main ? { main } : {}), ...(backend ? { backend } : {}) };
}
