import { join } from "node:path";

export const sourceDir = import.meta.dirname;
export const recipesDir = join(sourceDir, "recipes");
const { SCRAP_LAB_DIR } = process.env;

export const labDir = SCRAP_LAB_DIR ?? "/var/cache/scrap-lab";
export const treesDir = join(labDir, "trees");
export const keysDir = join(labDir, "keys");
export const runDir = join(labDir, "run");
export const sshConfigFile = join(runDir, "ssh_config");

export const hostDir = (name: string): string => join(runDir, "hosts", name);
export const rootOf = (name: string): string => join(hostDir(name), "root");
