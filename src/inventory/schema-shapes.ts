import * as z from "zod/mini";

/** Fields with exactly these names. */
export const fields = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, { error: "fields" });

/** Any number of things by their names. `nas:` with nothing behind it is an empty one, where that is enough. */
export const named = <Key extends z.core.$ZodRecordKey, Value extends z.core.SomeType>(
  key: Key,
  value: Value,
) => z.record(key, value, { error: "fields" });

/** A field that may be left out. */
export function may<Schema extends z.core.SomeType>(schema: Schema, description: string) {
  const field = z.optional(schema);
  z.globalRegistry.add(field, { description });
  return field;
}

/** A field that must be there. */
export function must<Schema extends z.ZodMiniType>(schema: Schema, description: string): Schema {
  const field = z.clone(schema);
  z.globalRegistry.add(field, { description });
  return field;
}

/** Of these fields exactly one is there, and each that `goesWith` names stands beside the right one. */
export function exactlyOne(
  keys: readonly string[],
  goesWith: Readonly<Record<string, readonly string[]>> = {},
) {
  return z.check<Readonly<Record<string, unknown>>>(
    ({ value, issues }) => {
      if (typeof value !== "object" || value === null) return;
      const found = keys.filter((key) => value[key] !== undefined);
      const say = (message: string, path: string[] = []) =>
        issues.push({ code: "custom", input: value, message, path, params: { whole: true }, continue: true });
      if (found.length === 0) say(`expected one of ${keys.join(", ")}`);
      for (const extra of found.slice(1)) say(`expected only one of ${found.join(" and ")}`, [extra]);
      for (const [key, owners] of Object.entries(goesWith)) {
        if (value[key] === undefined || found.length === 0 || found.some((one) => owners.includes(one)))
          continue;
        say(`goes with ${owners.join(" or ")} only`, [key]);
      }
    },
    { when: () => true },
  );
}

/** For `exactlyOne` in the JSON Schema. */
export const oneRequired = (keys: readonly string[]) => ({ oneOf: keys.map((key) => ({ required: [key] })) });

/** Where `key` is, `other` must be. */
export function needsBeside(key: string, other: string) {
  return z.check<Readonly<Record<string, unknown>>>(
    ({ value, issues }) => {
      if (typeof value !== "object" || value === null) return;
      if (value[key] === undefined || value[other] !== undefined) return;
      const message = `expected \`${other}\` beside \`${key}\``;
      issues.push({
        code: "custom",
        input: value,
        message,
        path: [],
        params: { whole: true },
        continue: true,
      });
    },
    { when: () => true },
  );
}
