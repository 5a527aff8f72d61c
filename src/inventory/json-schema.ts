import { toJSONSchema } from "zod/mini";
import { inventorySchema } from "./schema.ts";

/** Draft 2020-12, of the file as a person writes it. For editors: `# yaml-language-server: $schema=scrap.schema.json`. */
export function inventoryJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...rest } = toJSONSchema(inventorySchema, {
    target: "draft-2020-12",
    io: "input",
    unrepresentable: "any",
  });
  return { $schema, title: "SCRAP inventory", description: "Who and what SCRAP looks after", ...rest };
}
