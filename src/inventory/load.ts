import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { InventoryError } from "../errors.ts";
import { complete } from "./build-hosts.ts";
import { invert } from "./build-inventory.ts";
import { checkSshConfig } from "./check-ssh-config.ts";
import { isAnsibleYaml, looksLikeYaml } from "./formats.ts";
import type { Inventory } from "./inventory.ts";
import { loadIncludes } from "./load-includes.ts";
import { loadYaml } from "./load-yaml.ts";
import { emptyInventory } from "./local-inventory.ts";
import type { Membership } from "./membership.ts";
import { readTrusted } from "./read-file.ts";
import { parseYaml } from "./yaml-text.ts";

export interface LoadOptions {
  /** What `--inventory` says. */
  readonly file?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What `~` is. */
  readonly home: string;
  /** What `--ssh-config` says: goes over that of every host. */
  readonly sshConfig?: string | undefined;
  /** Runs a program of this machine, for `ansible-inventory`; without it Ansible's files are read directly. */
  readonly run?: RunProgram | undefined;
}

/** Resolves with any exit code. */
export type RunProgram = (
  argv: readonly [string, ...string[]],
) => Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }>;

/**
 * Our own format, or an Ansible inventory. Rejects with `InventoryError`: for a file that is not there, may not be
 * trusted, or is wrong, with all that is wrong.
 */
export async function loadInventory(options: LoadOptions): Promise<Inventory> {
  const file = await findFile(options);
  const text = await readOwn(file);
  const inventory =
    text === undefined
      ? toInventory(file, await loadForeign(file, options))
      : await loadYaml({ file, text, home: options.home }, (yaml) => loadIncludes(yaml, file, options));
  const told = withSshConfig(inventory, options.sshConfig);
  await checkSshConfig(told, options.sshConfig !== undefined);
  return told;
}

async function loadForeign(file: string, options: LoadOptions): Promise<Membership> {
  const { loadAnsible } = await import("./load-ansible.ts");
  return loadAnsible(file, options);
}

/** Undefined for what is not our own format: directories, programs, Ansible's formats. */
async function readOwn(file: string): Promise<string | undefined> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isDirectory()) return undefined;
  const text = await readTrusted(file);
  const isProgram = found !== undefined && (found.mode & 0o111) !== 0 && text.startsWith("#!");
  if (isProgram || /\.(?:ini|cfg)$/.test(file)) return undefined;
  if (!/\.(?:ya?ml|json)$/.test(file) && !looksLikeYaml(text)) return undefined;
  // Ours has a version, so that this second reading is for others only.
  if (/^version\s*:/m.test(text)) return text;
  return isAnsibleYaml(parseYaml(text, file, "ansible").value) ? undefined : text;
}

/** An inventory of hosts and groups only. */
function toInventory(file: string, { hosts, groups, warnings }: Membership): Inventory {
  const memberships = invert(groups);
  return {
    ...emptyInventory,
    file,
    groups,
    hosts: new Map(
      hosts.map(({ host }) => [
        host.name,
        complete({ ...host, groups: memberships.get(host.name) ?? [] }, {}),
      ]),
    ),
    sources: new Map(hosts.map(({ host, source }) => [host.name, source])),
    warnings,
  };
}

/** Is one named, or is there one at its usual place? Then it must be right; else this machine may stand in for it. */
export async function isInventoryThere(options: LoadOptions): Promise<boolean> {
  const usual = inventoryPath(options.env, options.home);
  return namedFile(options) !== undefined || (await stat(usual).catch(() => undefined)) !== undefined;
}

async function findFile(options: LoadOptions): Promise<string> {
  const named = namedFile(options);
  if (named !== undefined) return resolve(named);
  const usual = inventoryPath(options.env, options.home);
  if (await isInventoryThere(options)) return usual;
  throw new InventoryError(
    `No inventory: there is no ${usual}, and neither --inventory nor SCRAP_INVENTORY is given.`,
    { hint: `Write this into ${usual}, with your own names:\n${smallestInventory}` },
  );
}

function namedFile({ file, env: { SCRAP_INVENTORY } }: LoadOptions): string | undefined {
  return file ?? (SCRAP_INVENTORY || undefined);
}

/** All that is needed: names, as `ssh` knows them. */
export const smallestInventory = "version: 1\nhosts:\n  nas: {}\n";

/** `$XDG_CONFIG_HOME/scrap/inventory.yaml`. A relative XDG_CONFIG_HOME is ignored, as its specification wants. */
export function inventoryPath(env: LoadOptions["env"], home: string): string {
  const { XDG_CONFIG_HOME } = env;
  const base = XDG_CONFIG_HOME?.startsWith("/") ? XDG_CONFIG_HOME : join(home, ".config");
  return join(base, "scrap", "inventory.yaml");
}

function withSshConfig(inventory: Inventory, sshConfig: string | undefined): Inventory {
  if (sshConfig === undefined) return inventory;
  const file = resolve(sshConfig);
  const hosts = new Map([...inventory.hosts].map(([name, host]) => [name, { ...host, sshConfig: file }]));
  return { ...inventory, hosts };
}
