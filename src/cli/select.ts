import { isGlob, matchesGlob } from "../inventory/glob.ts";
import { splitWords } from "../inventory/targets.ts";
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
      (filter.all ||
        !resource.background ||
        resource.health !== "ok" ||
        splitWords(filter.names).included.length > 0) &&
      (!filter.problems || resource.health !== "ok") &&
      isNamed(filter.names, namesOf(resource)),
  );
}

export function selectServices({ services }: Homelab, filter: Filter): readonly KnownService[] {
  return services.filter(
    (known) => (!filter.problems || known.health !== "ok") && isNamed(filter.names, namesOfService(known)),
  );
}

/** Everything of a kind by all of its names: to find out which words mean nothing, and what they may have meant. */
export function namesOfKind({ services, resources }: Homelab, kind: Kind): readonly (readonly string[])[] {
  return kind === "service"
    ? services.map(namesOfService)
    : resources.filter((resource) => resource.kind === kind).map(namesOf);
}

export function isNamed(wanted: readonly string[], names: readonly string[]): boolean {
  const { included, excluded } = splitWords(wanted);
  const isAny = (words: readonly string[]) => words.some((word) => names.some((name) => matches(word, name)));
  return (included.length === 0 || isAny(included)) && !isAny(excluded);
}

const matches = (word: string, name: string) => (isGlob(word) ? matchesGlob(word, name) : word === name);

const namesOfService = ({ service, host, id }: KnownService) => [service.name, `${host}/${service.name}`, id];

function namesOf({ kind, name, host, user, id }: Known): readonly string[] {
  const owned = user === undefined ? [] : [`${user}/${name}`, `${host}/${user}/${name}`];
  // A unit is known by its name without `.service`, as systemctl has it.
  const short = kind === "unit" ? [name.replace(/\.service$/, "")] : [];
  return [name, id, `${host}/${name}`, ...owned, ...short];
}

export const idsOf = ({ hosts, services, resources }: Homelab, kind: Kind) =>
  kind === "host" ? hosts.map(({ name }) => name) : [...services, ...resources].map(({ id }) => id);

export const healthsOf = ({ hosts, services, resources }: Homelab, kind: Kind) =>
  kind === "host" ? hosts.map(({ state }) => state) : [...services, ...resources].map(({ health }) => health);
