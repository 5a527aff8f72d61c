import { stat } from "node:fs/promises";
import { resolve } from "node:path";
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
import { noSshConfig } from "./paths.ts";
import { inventoryFile, inventoryPath, type PlaceOptions } from "./place.ts";
import { readTrusted } from "./read-file.ts";
import { parseYaml } from "./yaml-text.ts";

export interface LoadOptions extends PlaceOptions {
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

async function findFile(options: LoadOptions): Promise<string> {
  const file = await inventoryFile(options);
  if (file !== undefined) return file;
  const usual = inventoryPath(options.env, options.home);
  throw new InventoryError(
    `No inventory: there is no ${usual}, and neither --inventory nor SCRAP_INVENTORY is given.`,
    { hint: `Write this into ${usual}, with your own names:\n${smallestInventory}` },
  );
}

/** All that is needed: names, as `ssh` knows them. */
export const smallestInventory = "version: 1\nhosts:\n  nas: {}\n";

function withSshConfig(inventory: Inventory, sshConfig: string | undefined): Inventory {
  if (sshConfig === undefined) return inventory;
  const file = sshConfig === noSshConfig ? sshConfig : resolve(sshConfig);
  const hosts = new Map([...inventory.hosts].map(([name, host]) => [name, { ...host, sshConfig: file }]));
  return { ...inventory, hosts };
}
