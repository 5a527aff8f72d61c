import Conf, { type Options, type Schema } from "conf";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { inventoryJsonSchema } from "../../src/inventory/json-schema.ts";
import { example } from "./example.ts";
import { folderWith } from "./files.ts";

/** What a validator of draft 2020-12 has against the value. Conf has one inside, and uses it when it opens a file. */
function complaintsOf(value: unknown): string {
  const { properties, required, additionalProperties } = inventoryJsonSchema();
  try {
    new Conf<Record<string, unknown>>({
      cwd: folderWith({ "config.json": JSON.stringify(value) }),
      schema: properties as Schema<Record<string, unknown>>,
      rootSchema: { required, additionalProperties } as NonNullable<Options<object>["rootSchema"]>,
    });
    return "";
  } catch (error) {
    return String(error);
  }
}

test("the schema is of draft 2020-12 and takes the example", () => {
  expect(inventoryJsonSchema()["$schema"]).toBe("https://json-schema.org/draft/2020-12/schema");
  expect(complaintsOf(parse(example))).toBe("");
});

test.each([
  ["unknown fields", { version: 1, hosts: { nas: { adress: "x" } } }, "adress"],
  ["names that are options", { version: 1, hosts: { "-oX": {} } }, "-oX"],
  [
    "two kinds at once",
    { version: 1, services: { a: { home: "x", runs: { pod: "a", container: "b" } } } },
    "oneOf",
  ],
  ["a missing version", { hosts: {} }, "version"],
  [
    "a secret that is no reference",
    { version: 1, defaults: { becomePassword: "hunter2" } },
    "becomePassword",
  ],
])("it refuses %s", (_, value, told) => {
  expect(complaintsOf(value)).toContain(told);
});

test("every field has a description, so that an editor helps", () => {
  const bare: string[] = [];
  const visit = (schema: unknown, path: string) => {
    if (typeof schema !== "object" || schema === null) return;
    for (const [key, value] of Object.entries(schema)) {
      if (key === "properties") {
        for (const [field, inner] of Object.entries(value as object)) {
          if (!("description" in inner)) bare.push(`${path}.${field}`);
        }
      }
      visit(value, `${path}.${key}`);
    }
  };
  visit(inventoryJsonSchema(), "");
  expect(bare).toEqual([]);
});
