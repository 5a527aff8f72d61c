import type * as z from "zod/mini";
import { safeParse } from "zod/mini";
import { describeFound, type FieldPath, type Issue } from "./issues.ts";
import { didYouMean } from "./nearest.ts";
import type { YamlText } from "./yaml-text.ts";

type ZodIssue = z.core.$ZodIssue;

export type Validated<Data> = { readonly data: Data } | { readonly issues: readonly Issue[] };

/** The typed data, or all that is wrong with it, each at its place. */
export function validate<Schema extends z.core.$ZodType>(
  schema: Schema,
  yaml: YamlText,
  file: string,
): Validated<z.core.output<Schema>> {
  // A compiled validator pays from its second use on, and a file is validated once.
  const result = safeParse(schema, yaml.value, { jitless: true });
  if (result.success) return { data: result.data };
  const issues = result.error.issues
    .flatMap(toSpecific)
    .flatMap((issue) => toIssues(issue, schema, yaml, file));
  return { issues };
}

/** Of a choice between shapes, the complaint of the shape that was meant. */
function toSpecific(issue: ZodIssue): ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  const meant = issue.errors.find(
    (branch) => branch.length > 0 && !branch.some(({ path, code }) => path.length === 0 && isOtherType(code)),
  );
  if (meant === undefined) return [issue];
  return meant.flatMap((inner) => toSpecific({ ...inner, path: [...issue.path, ...inner.path] }));
}

const isOtherType = (code: string | undefined) => code === "invalid_type" || code === "invalid_value";

function toIssues(
  issue: ZodIssue,
  schema: z.core.$ZodType,
  { value: root, positionOf }: YamlText,
  file: string,
): Issue[] {
  const path = issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
  if (issue.code === "unrecognized_keys") {
    const known = schemasAt(schema, path)
      .map(definitionOf)
      .flatMap((def) => (def.type === "object" ? Object.keys(def.shape) : []));
    return issue.keys.map((key) => ({
      file,
      ...positionOf([...path, key], "name"),
      field: [...path, key],
      message: `unknown field${didYouMean(key, known)}`,
    }));
  }
  if (issue.code === "invalid_key") {
    const rule = issue.issues[0]?.message ?? issue.message;
    const found = describeFound(path.at(-1));
    return [{ file, ...positionOf(path, "name"), field: path, message: `expected ${rule} (found ${found})` }];
  }
  const place = { file, ...positionOf(path), field: path };
  if (isWhole(issue)) return [{ ...place, message: issue.message }];
  if (!hasField(root, path)) return [{ ...place, message: `is missing: expected ${issue.message}` }];
  const found = valueAt(root, path);
  const isRightAsText =
    typeof found === "number" && schemasAt(schema, path).some((one) => safeParse(one, `${found}`).success);
  const advice = isRightAsText ? "; put it in quotes" : "";
  return [{ ...place, message: `expected ${issue.message} (found ${describeFound(found)}${advice})` }];
}

/** Does its message already say everything? */
function isWhole(issue: ZodIssue): boolean {
  const { whole = false } = issue.code === "custom" ? (issue.params ?? {}) : {};
  return whole === true;
}

/** What the schema says of a field: more than one where it leaves a choice. */
function schemasAt(schema: z.core.$ZodType, path: FieldPath): z.core.$ZodType[] {
  const def = definitionOf(schema);
  if (def.type === "optional" || def.type === "nullable") return schemasAt(def.innerType, path);
  if (def.type === "pipe") return schemasAt(def.in, path);
  if (def.type === "union") return def.options.flatMap((option) => schemasAt(option, path));
  const [step, ...rest] = path;
  if (step === undefined) return [schema];
  if (def.type === "array") return schemasAt(def.element, rest);
  if (def.type === "record") return schemasAt(def.valueType, rest);
  const next = def.type === "object" ? def.shape[step] : undefined;
  return next === undefined ? [] : schemasAt(next, rest);
}

/** Zod's own way to look into a schema: every schema is one of these. */
const definitionOf = (schema: z.core.$ZodType) => (schema as z.core.$ZodTypes)._zod.def;

function valueAt(root: unknown, path: FieldPath): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, step)
        ? (value as Record<string | number, unknown>)[step]
        : undefined,
    root,
  );
}

function hasField(root: unknown, path: FieldPath): boolean {
  if (path.length === 0) return true;
  const around = valueAt(root, path.slice(0, -1));
  return typeof around === "object" && around !== null && Object.hasOwn(around, path.at(-1) ?? "");
}
