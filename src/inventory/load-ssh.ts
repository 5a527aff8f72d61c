import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isGlob, matchesGlob } from "./glob.ts";
import { describeFound } from "./issues.ts";
import type { FoundHost, Membership } from "./membership.ts";
import { resolvePath } from "./paths.ts";
import { readTrusted } from "./read-file.ts";
import { isHostName } from "./schema-words.ts";
import { parseSshConfig } from "./ssh-config.ts";

/**
 * The hosts that an OpenSSH configuration has names for; what is behind a name stays OpenSSH's business. Follows
 * `Include`. Rejects with `InventoryError` when the file cannot be read or trusted.
 */
export async function loadSsh(file: string, home: string): Promise<Membership> {
  const warnings: string[] = [];
  const hosts = new Map<string, FoundHost>();
  const usual = join(home, ".ssh", "config");
  const done = new Set<string>();
  const read = async (path: string): Promise<void> => {
    if (done.has(path)) return;
    done.add(path);
    const { names, includes } = parseSshConfig(await readTrusted(path));
    for (const { name, line, isForge } of names) {
      if (hosts.has(name)) continue;
      if (isForge) warnings.push(`${path}:${line}: ${describeFound(name)} was left out: its user is git`);
      else if (!isHostName(name)) {
        warnings.push(`${path}:${line}: ${describeFound(name)} was left out: not a name here`);
      } else {
        const host = { name, groups: [], ...(file === usual ? {} : { sshConfig: file }) };
        hosts.set(name, { host, source: { kind: "ssh", file: path, line } });
      }
    }
    for (const pattern of includes) {
      // OpenSSH resolves them against ~/.ssh, wherever the file is that says so.
      for (const next of await expandPath(resolvePath(pattern, usual, home))) await read(next);
    }
  };
  await read(file);
  return { hosts: [...hosts.values()], groups: new Map(), warnings };
}

/** The files that a path with `*` stands for, sorted. One that is not there is none, as OpenSSH has it. */
async function expandPath(path: string): Promise<string[]> {
  if (path === dirname(path)) return [path];
  const folders = await expandPath(dirname(path));
  const last = basename(path);
  const found = await Promise.all(
    folders.map(async (folder) => {
      if (!isGlob(path)) return [path];
      if (!isGlob(last)) return [join(folder, last)];
      const names = await readdir(folder).catch(() => []);
      return names
        .filter((name) => matchesGlob(last, name) && !name.startsWith("."))
        .sort()
        .map((name) => join(folder, name));
    }),
  );
  return found.flat();
}
