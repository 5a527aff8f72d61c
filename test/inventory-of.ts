import type { Inventory } from "../src/inventory/inventory.ts";
import { loadYaml } from "../src/inventory/load-yaml.ts";
import { nobody } from "../src/inventory/membership.ts";

/** The inventory of a text, without its version line. Includes nothing. */
export const inventoryOf = (text: string): Promise<Inventory> =>
  loadYaml(
    {
      file: "/lab/inventory.yaml",
      text: text.includes("version:") ? text : `version: 1\n${text}`,
      home: "/home/nobody",
    },
    () => Promise.resolve({ ...nobody, issues: [] }),
  );
