import * as z from "zod/mini";
import { InventoryError } from "../errors.ts";
import { type AnsibleTree, createTree, groupOf } from "./ansible-tree.ts";

const variables = z.record(z.string(), z.unknown());

const groupSchema = z.object({
  hosts: z.optional(z.array(z.string())),
  children: z.optional(z.array(z.string())),
});

const listSchema = z.catchall(
  z.object({ _meta: z.optional(z.object({ hostvars: z.optional(z.record(z.string(), variables)) })) }),
  groupSchema,
);

/** Reads what `ansible-inventory --list` prints. The variables of each host are complete there. Throws `InventoryError`. */
export function parseAnsibleList(stdout: string, file: string): AnsibleTree {
  const { _meta, ...groups } = readJson(stdout, file);
  const hostVariables = _meta?.hostvars ?? {};
  const tree = createTree();
  for (const [name, { hosts = [], children = [] }] of Object.entries(groups)) {
    const group = groupOf(tree, name);
    for (const child of children) group.children.add(child);
    for (const host of hosts)
      group.hosts.set(host, readVariables(host, hostVariables[host] ?? {}, file, tree));
  }
  return tree;
}

function readJson(stdout: string, file: string): z.output<typeof listSchema> {
  try {
    return listSchema.parse(JSON.parse(stdout));
  } catch (error) {
    throw new InventoryError(`${file}: the answer of ansible-inventory was not understood`, { cause: error });
  }
}

/** What the vault has encrypted stays encrypted: `{"__ansible_vault": …}`. `!unsafe` text is `{"__ansible_unsafe": …}`. */
function readVariables(
  host: string,
  all: Readonly<Record<string, unknown>>,
  file: string,
  { warnings }: AnsibleTree,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => {
      if (typeof value !== "object" || value === null) return [[name, value]];
      if ("__ansible_unsafe" in value) return [[name, value.__ansible_unsafe]];
      if (!("__ansible_vault" in value)) return [[name, value]];
      warnings.push(`${file}: ${host}.${name} is encrypted and was left out`);
      return [];
    }),
  );
}
