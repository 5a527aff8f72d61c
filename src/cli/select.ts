import type { Homelab } from "../model/homelab.ts";
import type { Known } from "../model/resources.ts";
import type { KnownService } from "../model/services.ts";
import type { Kind } from "./kinds.ts";

interface Filter {
  readonly names: readonly string[];
  readonly problems: boolean;
  /** What is well and of no interest, too. */
  readonly all: boolean;
}

export function selectResources({ resources }: Homelab, kind: Kind, filter: Filter): readonly Known[] {
  return resources.filter(
    (resource) =>
      resource.kind === kind &&
      (filter.all || !resource.background || resource.health !== "ok" || filter.names.length > 0) &&
      (!filter.problems || resource.health !== "ok") &&
      isNamed(filter.names, [
        resource.name,
        resource.id,
        `${resource.host}/${resource.name}`,
        ...(resource.user === undefined
          ? []
          : [`${resource.user}/${resource.name}`, `${resource.host}/${resource.user}/${resource.name}`]),
        // A unit is known by its name without `.service`, as systemctl has it.
        ...(resource.kind === "unit" ? [resource.name.replace(/\.service$/, "")] : []),
      ]),
  );
}

export function selectServices({ services }: Homelab, filter: Filter): readonly KnownService[] {
  return services.filter(
    ({ service, health, id }) =>
      (!filter.problems || health !== "ok") && isNamed(filter.names, [service.name, id]),
  );
}

const isNamed = (wanted: readonly string[], names: readonly string[]) =>
  wanted.length === 0 || wanted.some((word) => names.includes(word));
