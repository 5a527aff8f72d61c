import { createHash } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { join, relative } from "node:path";
import type { Host } from "./hosts.ts";
import { labDir, recipesDir, treesDir } from "./paths.ts";
import { attempt, run, say } from "./shell.ts";

function filesBelow(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** A short name for "these files of a recipe, on top of that": it changes whenever one of them does. */
function keyOf(below: string, files: string[]): string {
  const hash = createHash("sha256").update(below);
  for (const file of files) hash.update(relative(recipesDir, file)).update(readFileSync(file));
  return hash.digest("hex").slice(0, 12);
}

const recipeFiles = (recipe: string): string[] => filesBelow(join(recipesDir, recipe));

/** What is only needed once the tree is booted. */
const isForLater = (file: string): boolean => file.endsWith("/settle.sh") || file.includes("/mounts/");

const baseKey = (suite: string): string =>
  keyOf(suite, [...recipeFiles("base"), join(recipesDir, "in-chroot.sh")]);
const kernelKey = keyOf(baseKey("trixie"), recipeFiles("kernel"));
const roleKey = (host: Host): string =>
  keyOf(
    host.kind === "vm" ? kernelKey : baseKey(host.suite),
    recipeFiles(host.name).filter((file) => !isForLater(file)),
  );
export const readyKey = (host: Host): string =>
  keyOf(roleKey(host) + JSON.stringify(host.volumes), recipeFiles(host.name).filter(isForLater));

const underWay = new Map<string, Promise<string>>();

/** Builds into a folder beside the final one, then renames: what is in the cache is complete. */
export function cached(label: string, key: string, build: (into: string) => Promise<void>): Promise<string> {
  const done = join(treesDir, `${label}-${key}`);
  const pending = underWay.get(done);
  if (pending !== undefined) return pending;
  const promise = (async () => {
    if (existsSync(done)) return done;
    const into = join(treesDir, `${label}.building`);
    await run(["rm", "-rf", "--one-file-system", into]);
    mkdirSync(treesDir, { recursive: true });
    say(`building ${label}`);
    await build(into);
    renameSync(into, done);
    for (const name of readdirSync(treesDir)) {
      const outdated = name.startsWith(`${label}-`) && join(treesDir, name) !== done;
      if (outdated) await run(["rm", "-rf", "--one-file-system", join(treesDir, name)], { seconds: 120 });
    }
    say(`built ${label}`);
    return done;
  })();
  underWay.set(done, promise);
  return promise;
}

async function logged(label: string, argv: string[], seconds: number): Promise<void> {
  const logFile = join(labDir, `build-${label}.log`);
  const log = openSync(logFile, "w");
  const { code } = await attempt(argv, { seconds, logTo: log });
  closeSync(log);
  if (code !== 0) {
    const tail = readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-15).join("\n");
    throw new Error(`building ${label} failed (exit ${code}); the end of ${logFile}:\n${tail}`);
  }
}

const inChroot = (tree: string, recipe: string): string[] => [
  "unshare",
  "--mount",
  "sh",
  "-eu",
  join(recipesDir, "in-chroot.sh"),
  tree,
  join(recipesDir, recipe),
];

function minbaseTree(suite: string): Promise<string> {
  return cached(`minbase-${suite}`, "1", (into) =>
    logged(`minbase-${suite}`, ["debootstrap", "--variant=minbase", suite, into], 1200),
  );
}

export function baseTree(suite: string): Promise<string> {
  return cached(`base-${suite}`, baseKey(suite), async (into) => {
    await copyTree(await minbaseTree(suite), into);
    await logged(`base-${suite}`, inChroot(into, "base"), 1200);
  });
}

function kernelTree(): Promise<string> {
  return cached("kernel", kernelKey, async (into) => {
    await copyTree(await baseTree("trixie"), into);
    await logged("kernel", inChroot(into, "kernel"), 2400);
  });
}

/** The tree of one host with its packages and files, never booted yet. */
export function roleTree(host: Host): Promise<string> {
  return cached(`role-${host.name}`, roleKey(host), async (into) => {
    await copyTree(host.kind === "vm" ? await kernelTree() : await baseTree(host.suite), into);
    await logged(`role-${host.name}`, inChroot(into, host.name), 900);
    if (host.kind === "busybox") await keepOnly(join(into, host.name), into);
  });
}

/** Replaces a tree by one that was made inside it. */
async function keepOnly(inner: string, outer: string): Promise<void> {
  const scaffold = `${outer}.scaffold`;
  await run(["mv", outer, scaffold]);
  await run(["mv", join(scaffold, relative(outer, inner)), outer]);
  await run(["rm", "-rf", "--one-file-system", scaffold]);
}

export async function copyTree(from: string, to: string): Promise<void> {
  await run(["cp", "-a", "--reflink=auto", "--sparse=always", from, to], { seconds: 300 });
}
