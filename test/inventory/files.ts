import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { InventoryError } from "../../src/errors.ts";
import type { Inventory } from "../../src/inventory/inventory.ts";
import { type LoadOptions, loadInventory } from "../../src/inventory/load.ts";

/** A folder with these files, readable by their owner only, for as long as the test runs. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), "scrap-inventory-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content, { mode: 0o600 });
  }
  return folder;
}

/** Loads an inventory out of a folder that has it and the other files. Paths in it begin with that folder. */
export async function load(
  text: string,
  files: Readonly<Record<string, string>> = {},
  options: Partial<LoadOptions> = {},
): Promise<Inventory> {
  const folder = folderWith({ "inventory.yaml": text, ...files });
  return loadInventory({
    file: join(folder, "inventory.yaml"),
    env: {},
    home: join(folder, "home"),
    ...options,
  });
}

/** What the user is told, without the folder of the test. */
export async function complaint(loading: Promise<unknown>): Promise<string> {
  try {
    await loading;
  } catch (error) {
    if (!(error instanceof InventoryError)) throw error;
    const hint = error.hint === undefined ? "" : `\nhint: ${error.hint}`;
    return `${error.message}${hint}`.replaceAll(/\/\S*scrap-inventory-\w+\//g, "");
  }
  return "loaded";
}
