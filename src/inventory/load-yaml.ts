import { buildInventory } from "./build-inventory.ts";
import { checkCircles } from "./circles.ts";
import type { Inventory } from "./inventory.ts";
import { type Issue, toInventoryError } from "./issues.ts";
import type { Membership } from "./membership.ts";
import { checkReferences } from "./references.ts";
import { inventorySchema } from "./schema.ts";
import { validate } from "./validate.ts";
import { parseYaml, type YamlText } from "./yaml-text.ts";

export interface YamlSource {
  /** Absolute. */
  readonly file: string;
  readonly text: string;
  /** What `~` is. */
  readonly home: string;
}

/** Loads what `include` names. Gives issues for what could not be read. */
export type LoadIncludes = (yaml: YamlText) => Promise<Membership & { readonly issues: readonly Issue[] }>;

/** Reads our own format. Rejects with one `InventoryError` that has all that is wrong. */
export async function loadYaml(source: YamlSource, loadIncludes: LoadIncludes): Promise<Inventory> {
  const { file, text } = source;
  const yaml = parseYaml(text, file);
  if (yaml.issues.length > 0) throw toInventoryError(yaml.issues);
  const validated = validate(inventorySchema, yaml, file);
  const included = await loadIncludes(yaml);
  const issues = [
    ...("issues" in validated ? validated.issues : []),
    ...included.issues,
    ...checkReferences(
      yaml,
      file,
      included.issues.length > 0
        ? undefined
        : { hosts: included.hosts.map(({ host }) => host.name), groups: included.groups.keys() },
    ),
    ...checkCircles(yaml, file),
  ];
  if (issues.length > 0 || "issues" in validated) throw toInventoryError(issues);
  return buildInventory(validated.data, yaml, source, included);
}
