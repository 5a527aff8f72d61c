/** An Ansible inventory as it was written, whatever the format. */
export interface AnsibleTree {
  readonly groups: Map<string, AnsibleGroup>;
  /** What could not be taken over, for people. */
  readonly warnings: string[];
}

export interface AnsibleGroup {
  readonly hosts: Map<string, Variables>;
  readonly children: Set<string>;
  variables: Variables;
}

export type Variables = Readonly<Record<string, unknown>>;

export function createTree(): AnsibleTree {
  const groups = new Map<string, AnsibleGroup>();
  const tree = { groups, warnings: [] };
  groupOf(tree, "all");
  return tree;
}

/** The group of that name; a new one where there is none. */
export function groupOf({ groups }: AnsibleTree, name: string): AnsibleGroup {
  const group = groups.get(name) ?? { hosts: new Map(), children: new Set(), variables: {} };
  groups.set(name, group);
  return group;
}

/** Adds a host, or each of a range: `web[01:03].lan`, `db-[a:f]`. What was said of it before stays. */
export function addHosts(tree: AnsibleTree, groupName: string, pattern: string, variables: Variables): void {
  const { hosts } = groupOf(tree, groupName);
  const { host, port } = splitPort(pattern);
  const all = port === undefined ? variables : { ansible_port: port, ...variables };
  for (const name of expandRange(host)) hosts.set(name, { ...hosts.get(name), ...all });
}

/** `host:2222` and `[::1]:2222`. A bare IPv6 address has no port. */
function splitPort(pattern: string): { readonly host: string; readonly port?: number } {
  const bracketed = /^\[([0-9a-f:.]+(?:%\w+)?)\](?::(\d+))?$/i.exec(pattern);
  const [, host = pattern, port] =
    (bracketed?.[1]?.includes("::") ? bracketed : undefined) ??
    /^((?:[^:[]|\[[^\]]*\])+):(\d+)$/.exec(pattern) ??
    [];
  return port === undefined ? { host } : { host, port: Number(port) };
}

const maxRange = 10_000;

function expandRange(pattern: string): string[] {
  const found = /^(.*?)\[([^\]:]*):([^\]:]+)(?::(\d+))?\](.*)$/.exec(pattern);
  if (found === null) return [pattern];
  const [, head = "", first = "", last = "", step = "1", tail = ""] = found;
  const names = toSteps(first || "0", last, Math.max(1, Number(step)));
  if (names === undefined) return [pattern];
  const tails = expandRange(tail);
  return names.flatMap((name) => tails.map((rest) => `${head}${name}${rest}`)).slice(0, maxRange);
}

function toSteps(first: string, last: string, step: number): string[] | undefined {
  const names: string[] = [];
  if (/^\d+$/.test(first) && /^\d+$/.test(last)) {
    const width = first.length > 1 && first.startsWith("0") ? first.length : 0;
    const end = Math.min(Number(last), Number(first) + maxRange * step);
    for (let at = Number(first); at <= end; at += step) names.push(`${at}`.padStart(width, "0"));
    return names;
  }
  if (!/^[A-Za-z]$/.test(first) || !/^[A-Za-z]$/.test(last)) return undefined;
  for (let at = first.charCodeAt(0); at <= last.charCodeAt(0); at += step)
    names.push(String.fromCharCode(at));
  return names;
}
