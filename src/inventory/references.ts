import { describeFound, type FieldPath, type Issue } from "./issues.ts";
import { didYouMean } from "./nearest.ts";
import type { YamlText } from "./yaml-text.ts";

/** What a name can be the name of, and where those are. */
type Target = "host" | "group" | "ups" | "sla" | "repository" | "service" | "environment";

const titles: Readonly<Record<Target, string>> = {
  host: "host",
  group: "group",
  ups: "UPS",
  sla: "SLA class",
  repository: "repository",
  service: "service",
  environment: "environment",
};

/** Fields that hold the name of something else. `*` is any name or number. */
const fieldsWithNames: readonly (readonly [field: string, target: Target])[] = [
  ["hosts.*.power", "ups"],
  ["groups.*.*", "host"],
  ["ups.*.on", "host"],
  ["environments.*.groups.*", "group"],
  ["environments.*.hosts.*", "host"],
  ["environments.*.after", "environment"],
  ["repositories.*.on", "host"],
  ["repositories.*.cold.on", "host"],
  ["services.*.home", "host"],
  ["services.*.sla", "sla"],
  ["services.*.data.*.on", "host"],
  ["services.*.health.*.on", "host"],
  ["services.*.backups.*.to", "repository"],
  ["services.*.replica.on", "host"],
  ["services.*.failover.to.*", "host"],
  ["services.*.dependsOn.*", "service"],
  ["services.*.avoid.*", "service"],
  ["services.*.environment", "environment"],
];

/** Hosts and groups that other files bring; undefined when they could not be read, so that nobody knows what is missing. */
export type Included = { readonly hosts: Iterable<string>; readonly groups: Iterable<string> } | undefined;

/** Names of what is not there. Takes values that may be wrong in other ways, so that all is said at once. */
export function checkReferences(yaml: YamlText, file: string, included: Included): Issue[] {
  const { value, positionOf } = yaml;
  const names = collectNames(value, included);
  return fieldsWithNames.flatMap(([field, target]) => {
    const known = names[target];
    if (known === undefined) return [];
    return valuesAt(value, field.split(".")).flatMap(([path, name]): Issue[] => {
      if (typeof name !== "string" || known.has(name)) return [];
      const message = `no ${titles[target]} is named ${describeFound(name)}${didYouMean(name, known)}`;
      return [{ file, ...positionOf(path), field: path, message }];
    });
  });
}

function collectNames(
  root: unknown,
  included: Included,
): Readonly<Record<Target, ReadonlySet<string> | undefined>> {
  const keysOf = (field: string) => valuesAt(root, [field, "*"]).map(([path]) => String(path.at(-1)));
  const textsAt = (field: string) =>
    valuesAt(root, field.split(".")).flatMap(([, value]) => (typeof value === "string" ? [value] : []));
  return {
    host: included && new Set([...keysOf("hosts"), ...included.hosts]),
    group: included && new Set([...textsAt("hosts.*.groups.*"), ...keysOf("groups"), ...included.groups]),
    ups: new Set(keysOf("ups")),
    sla: new Set(keysOf("sla")),
    repository: new Set(keysOf("repositories")),
    service: new Set(keysOf("services")),
    environment: new Set(keysOf("environments")),
  };
}

/** All values at a field, with their paths. `*` steps into each of a list or of fields. */
export function valuesAt(
  value: unknown,
  [step, ...rest]: readonly string[],
  path: FieldPath = [],
): (readonly [FieldPath, unknown])[] {
  if (step === undefined) return [[path, value]];
  if (typeof value !== "object" || value === null) return [];
  if (step !== "*") {
    if (Array.isArray(value) || !Object.hasOwn(value, step)) return [];
    return valuesAt((value as Record<string, unknown>)[step], rest, [...path, step]);
  }
  const entries: Iterable<[string | number, unknown]> = Array.isArray(value)
    ? value.entries()
    : Object.entries(value);
  return [...entries].flatMap(([key, item]) => valuesAt(item, rest, [...path, key]));
}
