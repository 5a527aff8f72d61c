import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import { InventoryError } from "../errors.ts";
import { parseAnsibleIni } from "./ansible-ini.ts";
import { parseAnsibleList } from "./ansible-list.ts";
import { toMembership } from "./ansible-membership.ts";
import type { AnsibleTree } from "./ansible-tree.ts";
import { parseAnsibleYaml } from "./ansible-yaml.ts";
import { looksLikeYaml } from "./formats.ts";
import { toPrintable } from "./issues.ts";
import type { LoadOptions } from "./load.ts";
import type { Membership } from "./membership.ts";
import { readTrusted } from "./read-file.ts";

/**
 * Hosts and groups of an Ansible inventory: by `ansible-inventory --list` where that is installed, because only it knows
 * group_vars, scripts and plugins; INI and YAML are read directly else. Never executes the file itself. Rejects with
 * `InventoryError`.
 */
export async function loadAnsible(file: string, options: LoadOptions): Promise<Membership> {
  const needsTool = await needsAnsible(file);
  const text = needsTool ? undefined : await readTrusted(file);
  const asked = await askAnsible(file, options);
  if (asked.tree !== undefined) return toMembership(asked.tree, file, options.home);
  if (text === undefined) {
    throw new InventoryError(`${file}: ${needsTool}, which only ansible-inventory can read: ${asked.why}`);
  }
  const tree = parseAnsible(text, file);
  if (asked.failed) tree.warnings.push(`${file}: read without group_vars and plugins: ${asked.why}`);
  return toMembership(tree, file, options.home);
}

/** The format by the name of the file, else by its first line. */
function parseAnsible(text: string, file: string): AnsibleTree {
  const isYaml = /\.(?:ya?ml|json)$/.test(file) || (!/\.(?:ini|cfg)$/.test(file) && looksLikeYaml(text));
  return isYaml ? parseAnsibleYaml(text, file) : parseAnsibleIni(text, file);
}

/** A directory, or a program. */
async function needsAnsible(file: string): Promise<string | undefined> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isDirectory()) return "a directory";
  if (found === undefined || (found.mode & 0o111) === 0) return undefined;
  const text = await readTrusted(file);
  return text.startsWith("#!") ? "a program" : undefined;
}

interface Asked {
  readonly tree?: AnsibleTree;
  /** It is there, and could not read the file. */
  readonly failed: boolean;
  readonly why: string;
}

async function askAnsible(file: string, { run, env }: LoadOptions): Promise<Asked> {
  const program = run && (await findProgram("ansible-inventory", env));
  if (run === undefined || program === undefined) return { failed: false, why: "it is not installed" };
  const { exitCode, stdout, stderr } = await run([
    // Ansible would take its configuration from the current directory, which may be anybody's.
    "sh",
    "-c",
    'cd / && exec "$@"',
    "sh",
    "env",
    "ANSIBLE_INVENTORY_UNPARSED_FAILED=1",
    "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED=1",
    "ANSIBLE_NOCOLOR=1",
    program,
    "-i",
    file,
    "--list",
  ]);
  if (exitCode === 0) return { tree: parseAnsibleList(stdout, file), failed: false, why: "" };
  const last = stderr.trim().split("\n").at(-1) ?? "";
  return {
    failed: true,
    why: `ansible-inventory ended with ${exitCode}: ${toPrintable(last.slice(0, 200))}`,
  };
}

async function findProgram(name: string, { PATH = "" }: LoadOptions["env"]): Promise<string | undefined> {
  for (const folder of PATH.split(delimiter)) {
    if (isAbsolute(folder) && (await isExecutable(join(folder, name)))) return join(folder, name);
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
