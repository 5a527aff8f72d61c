import type { Finding } from "../backends/resource.ts";
import { createJoin } from "./references.ts";
import type { Known } from "./resources.ts";

/** What a service says of what it stands on. It is the problem of that: only there it counts as one. */
export interface Consequence extends Finding {
  /** The id of what is not well. */
  readonly because: string;
}

/** That disks, arrays and pools below are about to be lost, the nearest of each alone: what it stands on itself is its reason. */
export function consequencesOf(
  uses: readonly Known[],
  resourcesOf: (host: string) => readonly Known[],
): readonly Consequence[] {
  const bad = uses.flatMap((used) => {
    const resources = resourcesOf(used.host);
    // Nearly always, and then nobody has to walk down.
    if (!resources.some(isFailing)) return [];
    return [used, ...createJoin(resources).allBelow(used)].find(isFailing) ?? [];
  });
  return [...new Set(bad)].map((resource) => ({
    severity: "warning",
    message: `stands on ${sayFault(resource)}`,
    because: resource.id,
  }));
}

/** A pool that is only nearly full, or a disk that grows warm, still keeps what it was given. */
function isFailing(resource: Known): boolean {
  switch (resource.kind) {
    case "pool":
      return resource.health === "failed" || resource.details.state === "degraded";
    case "array": {
      const { disksActive, disksWanted } = resource.details;
      const isThin = disksActive !== undefined && disksWanted !== undefined && disksActive < disksWanted;
      return resource.health === "failed" || (isThin && resource.health !== "ok");
    }
    case "disk":
      return resource.health === "failed";
    default:
      return false;
  }
}

/** `tank, which is degraded` of `tank is degraded: sdb is faulted`. */
function sayFault({ name, findings: [worst] }: Known): string {
  const message = worst?.message ?? "is not well";
  if (message.startsWith(`${name} `))
    return `${name}, which ${message.slice(name.length + 1).split(/[:;]/, 1)[0]}`;
  return message.startsWith(`${name}: `) ? message : `${name}: ${message}`;
}

/** The names of those that say so, by the id of what they stand on. */
export function hurtBy(
  services: readonly {
    readonly service: { readonly name: string };
    readonly findings: readonly Partial<Consequence>[];
  }[],
): ReadonlyMap<string, readonly string[]> {
  const hurt = new Map<string, string[]>();
  for (const { service, findings } of services)
    for (const { because } of findings)
      if (because !== undefined) hurt.set(because, [...(hurt.get(because) ?? []), service.name]);
  return hurt;
}

const mostNames = 5;

/** `; mail and photos stand on it`. */
export function sayHurt(names: readonly string[] = []): string {
  if (names.length === 0) return "";
  if (names.length > mostNames)
    return `; ${names.slice(0, mostNames - 1).join(", ")} and ${names.length - mostNames + 1} more stand on it`;
  const last = names.at(-1);
  return names.length === 1
    ? `; ${last} stands on it`
    : `; ${names.slice(0, -1).join(", ")} and ${last} stand on it`;
}
