import { complete, type PartialHost, present, toDefaults, toHost, toReference } from "./build-hosts.ts";
import { toService, toServiceLevel } from "./build-services.ts";
import type { Host } from "./host.ts";
import type { Environment, HostSource, Inventory, Repository, Ups } from "./inventory.ts";
import type { YamlSource } from "./load-yaml.ts";
import { defaultsFor, type Membership } from "./membership.ts";
import type { InventoryFields } from "./schema.ts";
import type { RepositoryFields } from "./schema-copies.ts";
import type { YamlText } from "./yaml-text.ts";

type Of<Field extends "ups" | "environments"> = NonNullable<InventoryFields[Field]>[string];

/** Everything typed and resolved. Takes what was validated, with all its names known. */
export function buildInventory(
  fields: InventoryFields,
  yaml: YamlText,
  { file, home }: YamlSource,
  included: Membership,
): Inventory {
  const own = Object.entries(fields.hosts ?? {}).map(([name, host]) => toHost(name, host ?? {}, file, home));
  const sources = new Map<string, HostSource>(included.hosts.map(({ host, source }) => [host.name, source]));
  for (const { name } of own) {
    sources.set(name, { kind: "inventory", file, line: yaml.positionOf(["hosts", name], "name").line });
  }
  const groups = collectGroups(own, fields.groups ?? {}, included);
  const memberships = invert(groups);
  const defaults = toDefaults(fields.defaults, file, home);
  const hosts = new Map<string, Host>();
  for (const host of mergeHosts(own, included)) {
    const source = sources.get(host.name) ?? { kind: "inventory" };
    const memberOf = { groups: memberships.get(host.name) ?? [] };
    hosts.set(host.name, complete({ ...host, ...memberOf }, defaultsFor(source, defaults)));
  }
  const sla = mapNamed(fields.sla, (name, level) => toServiceLevel(level, name));
  return {
    file,
    hosts,
    groups,
    sources,
    sla,
    ups: mapNamed(fields.ups, toUps),
    environments: mapNamed(fields.environments, (name, environment) =>
      toEnvironment(name, environment, groups),
    ),
    repositories: mapNamed(fields.repositories, (name, repository) =>
      toRepository(name, repository, file, home),
    ),
    services: mapNamed(fields.services, (name, service) =>
      toService(name, service, {
        file,
        home,
        sla,
        line: yaml.positionOf(["services", name], "name").line,
        pin: yaml.sourceOf(["services", name, "version", "pin"]),
      }),
    ),
    warnings: included.warnings,
  };
}

function mapNamed<Fields, Thing>(
  things: Readonly<Record<string, Fields>> | undefined,
  build: (name: string, fields: Fields) => Thing,
): Map<string, Thing> {
  return new Map(Object.entries(things ?? {}).map(([name, fields]) => [name, build(name, fields)]));
}

/** What the inventory says of a host goes over what a foreign file says of it. */
function mergeHosts(own: readonly PartialHost[], included: Membership): PartialHost[] {
  const hosts = new Map(own.map((host) => [host.name, host]));
  for (const { host } of included.hosts) {
    hosts.set(host.name, { ...host, ...hosts.get(host.name) });
  }
  return [...hosts.values()];
}

function collectGroups(
  own: readonly PartialHost[],
  listed: Readonly<Record<string, readonly string[]>>,
  included: Membership,
): Map<string, readonly string[]> {
  const groups = new Map<string, Set<string>>();
  const add = (group: string, names: readonly string[]) => {
    const members = groups.get(group) ?? new Set();
    groups.set(group, members);
    for (const name of names) members.add(name);
  };
  for (const { name, groups: memberOf } of own) for (const group of memberOf) add(group, [name]);
  for (const [group, names] of Object.entries(listed)) add(group, names);
  for (const [group, names] of included.groups) add(group, names);
  return new Map([...groups].map(([group, names]) => [group, [...names]]));
}

/** Group → hosts becomes host → groups. */
export function invert(groups: ReadonlyMap<string, readonly string[]>): Map<string, string[]> {
  const memberships = new Map<string, string[]>();
  for (const [group, names] of groups) {
    for (const name of names) {
      const mine = memberships.get(name);
      if (mine === undefined) memberships.set(name, [group]);
      else mine.push(group);
    }
  }
  return memberships;
}

function toUps(name: string, { nut, on }: Of<"ups">): Ups {
  return nut === undefined
    ? { name, tool: "apcupsd", host: on }
    : { name, tool: "nut", nutName: nut, host: on };
}

function toEnvironment(
  name: string,
  { groups = [], hosts = [], after }: Of<"environments">,
  members: ReadonlyMap<string, readonly string[]>,
): Environment {
  const all = [...groups.flatMap((group) => members.get(group) ?? []), ...hosts];
  return { name, groups, hosts: [...new Set(all)], ...present({ after }) };
}

function toRepository(name: string, fields: RepositoryFields, file: string, home: string): Repository {
  const common = {
    name,
    appendOnly: fields.appendOnly ?? false,
    ...present({ password: toReference(fields.password, file, home) }),
  };
  const { restic, borg, kopia, btrfs, zfs, on: host = "", cold, encrypt } = fields;
  if (restic !== undefined) return { ...common, tool: "restic", address: restic };
  if (borg !== undefined) return { ...common, tool: "borg", address: borg };
  if (kopia !== undefined) return { ...common, tool: "kopia", address: kopia };
  if (btrfs !== undefined) return { ...common, tool: "btrfs", place: btrfs, host };
  if (zfs !== undefined) return { ...common, tool: "zfs", place: zfs, host };
  if (cold === undefined) throw new TypeError("None of restic, borg, kopia, btrfs, zfs, cold.");
  const { on, label, ...medium } = cold;
  return { ...common, tool: "cold", label, host: on, ...present({ ...medium, encrypt }) };
}
