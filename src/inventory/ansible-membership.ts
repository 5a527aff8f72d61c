import { type AnsibleFile, toAnsibleHost } from "./ansible-hosts.ts";
import type { AnsibleTree, Variables } from "./ansible-tree.ts";
import { toPrintable } from "./issues.ts";
import type { FoundHost, Membership } from "./membership.ts";
import { isHostName, namePattern } from "./schema-words.ts";

/** What a tree means: each host with the variables of all its groups, the groups with the hosts of their children. */
export function toMembership(tree: AnsibleTree, file: string, home: string): Membership {
  const complaints = new Map<string, string[]>();
  const warn = (name: string, message: string) => {
    complaints.set(message, [...(complaints.get(message) ?? []), name]);
  };
  const around: AnsibleFile = { file, home, warn };
  const depths = measureDepths(tree);
  const members = new Map(
    [...tree.groups.keys()].map((group) => [group, collectMembers(tree, group, new Set())]),
  );
  const hosts: FoundHost[] = [];
  for (const name of new Set([...members.values()].flatMap((names) => [...names]))) {
    if (!isHostName(name)) {
      warn(toPrintable(name), "left out: not a name here");
      continue;
    }
    const host = toAnsibleHost(name, variablesOf(tree, name, members, depths), around);
    if (host !== undefined) hosts.push({ host, source: { kind: "ansible", file } });
  }
  const known = new Set(hosts.map(({ host }) => host.name));
  const groups = new Map<string, readonly string[]>();
  for (const [group, names] of members) {
    const there = [...names].filter((name) => known.has(name));
    if (group === "all" || group === "ungrouped" || there.length === 0) continue;
    if (namePattern.test(group)) groups.set(group, there);
    else warn(toPrintable(group), "the group was left out: not a name here");
  }
  const warnings = [...complaints].map(([message, names]) => `${file}: ${listSome(names)}: ${message}`);
  return { hosts, groups, warnings: [...tree.warnings, ...warnings] };
}

const shownNames = 3;

function listSome(names: readonly string[]): string {
  const more = names.length - shownNames;
  return names.slice(0, shownNames).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

function collectMembers({ groups }: AnsibleTree, name: string, seen: Set<string>): Set<string> {
  const members = new Set<string>();
  const visit = (group: string) => {
    if (seen.has(group)) return;
    seen.add(group);
    for (const host of groups.get(group)?.hosts.keys() ?? []) members.add(host);
    for (const child of groups.get(group)?.children ?? []) visit(child);
  };
  visit(name);
  if (name === "all")
    for (const group of groups.values()) for (const host of group.hosts.keys()) members.add(host);
  return members;
}

/** The nearer group wins, then the later in the alphabet, then what is said at the host: Ansible's order. */
function variablesOf(
  { groups }: AnsibleTree,
  host: string,
  members: ReadonlyMap<string, ReadonlySet<string>>,
  depths: ReadonlyMap<string, number>,
): Variables {
  const mine = [...groups].filter(([group]) => members.get(group)?.has(host));
  mine.sort(
    ([a, one], [b, other]) =>
      (depths.get(a) ?? 0) - (depths.get(b) ?? 0) ||
      priorityOf(one.variables) - priorityOf(other.variables) ||
      (a < b ? -1 : 1),
  );
  return Object.assign(
    {},
    ...mine.map(([, group]) => group.variables),
    ...mine.map(([, group]) => group.hosts.get(host) ?? {}),
  );
}

function priorityOf({ ansible_group_priority: priority }: Variables): number {
  return typeof priority === "number" ? priority : 1;
}

/** How far each group is below `all`, by the longest way. */
function measureDepths({ groups }: AnsibleTree): Map<string, number> {
  const depths = new Map<string, number>();
  const visit = (group: string, depth: number, trail: readonly string[]) => {
    if (trail.includes(group) || (depths.get(group) ?? -1) >= depth) return;
    depths.set(group, depth);
    for (const child of groups.get(group)?.children ?? []) visit(child, depth + 1, [...trail, group]);
  };
  visit("all", 0, []);
  for (const group of groups.keys()) if (group !== "all") visit(group, 1, []);
  return depths;
}
