import { join, resolve } from "node:path";
import { Failure } from "../errors.ts";
import type { FieldPath, Issue } from "./issues.ts";
import type { LoadOptions } from "./load.ts";
import { type FoundHost, type Membership, nobody } from "./membership.ts";
import { noSshConfig, resolvePath } from "./paths.ts";
import { valuesAt } from "./references.ts";
import type { YamlText } from "./yaml-text.ts";

/**
 * What `include` brings, the first mention of a host first. What cannot be read becomes an issue at its place.
 * The readers of foreign files are imported when they are needed: most inventories have none.
 */
export async function loadIncludes(
  yaml: YamlText,
  file: string,
  options: LoadOptions,
): Promise<Membership & { readonly issues: readonly Issue[] }> {
  const issues: Issue[] = [];
  const parts: Membership[] = [];
  const add = async (path: FieldPath, load: () => Promise<Membership>) => {
    try {
      parts.push(await load());
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      issues.push({ file, ...yaml.positionOf(path), field: path, message: withHint(error) });
    }
  };
  const fileAt = (value: string) => resolvePath(value, file, options.home);
  for (const field of ["include.ansible", "include.ansible.*"]) {
    for (const [path, value] of valuesAt(yaml.value, field.split("."))) {
      if (typeof value === "string")
        await add(path, async () => {
          const { loadAnsible } = await import("./load-ansible.ts");
          return loadAnsible(fileAt(value), options);
        });
    }
  }
  for (const [path, value] of valuesAt(yaml.value, ["include", "ssh"])) {
    if (typeof value !== "string" && value !== true) continue;
    await add(path, async () => {
      const config = value === true ? usualConfig(yaml, fileAt, options) : fileAt(value);
      if (config === undefined) return nobody;
      const { loadSsh } = await import("./load-ssh.ts");
      return loadSsh(config, options.home);
    });
  }
  return { ...merge(parts), issues };
}

function withHint({ message, hint }: Failure): string {
  return hint === undefined ? message : `${message} (${hint})`;
}

/** The one that the connections will use. Undefined when they use none. */
function usualConfig(
  yaml: YamlText,
  fileAt: (path: string) => string,
  options: LoadOptions,
): string | undefined {
  const [named] = valuesAt(yaml.value, ["defaults", "sshConfig"]).map(([, value]) => value);
  if ((options.sshConfig ?? named) === noSshConfig) return undefined;
  if (options.sshConfig !== undefined) return resolve(options.sshConfig);
  return typeof named === "string" ? fileAt(named) : join(options.home, ".ssh", "config");
}

function merge(parts: readonly Membership[]): Membership {
  const hosts = new Map<string, FoundHost>();
  const groups = new Map<string, Set<string>>();
  for (const part of parts) {
    for (const found of part.hosts) {
      const known = hosts.get(found.host.name);
      hosts.set(
        found.host.name,
        known === undefined ? found : { ...known, host: { ...found.host, ...known.host } },
      );
    }
    for (const [group, names] of part.groups) {
      const members = groups.get(group) ?? new Set();
      groups.set(group, members);
      for (const name of names) members.add(name);
    }
  }
  return {
    hosts: [...hosts.values()],
    groups: new Map([...groups].map(([group, names]) => [group, [...names]])),
    warnings: parts.flatMap(({ warnings }) => warnings),
  };
}
