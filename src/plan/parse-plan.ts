import * as z from "zod/mini";
import { UsageError } from "../errors.ts";
import { effects, type Plan, type Step } from "./plan.ts";

/** What is shown: it may not drive a terminal. */
const text = z.string().check(
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what we are after
  z.regex(/^[^\0-\x08\x0b-\x1f\x7f-\x9f]*$/, { error: "no control characters" }),
);
const content = z.string();
const milliseconds = z.number().check(z.nonnegative());
const argv = z.pipe(
  z.array(text).check(z.minLength(1)),
  z.transform((words) => words as [string, ...string[]]),
);

const secretReference = text.check(
  z.regex(/^\w+:./, { error: "where a secret is kept, such as pass:lab/restic" }),
);

const command = z.strictObject({
  argv,
  asRoot: z.optional(z.boolean()),
  asUser: z.optional(z.strictObject({ name: text, uid: z.int(), gid: z.int() })),
  timeoutMs: z.optional(milliseconds),
  maxBytes: z.optional(z.int()),
  input: z.optional(
    z.union([z.strictObject({ text: content }), z.strictObject({ secret: secretReference })]),
  ),
});

const expected = z.union([
  z.strictObject({ exitCode: z.int() }),
  z.strictObject({ stdout: text }),
  z.strictObject({ stdoutNot: text }),
  z.strictObject({ stdoutMatches: text }),
  z.strictObject({ stdoutLacks: text }),
  z.strictObject({ withoutLine: text }),
]);

const reached = { timeoutMs: milliseconds, on: z.optional(text) };
const healthCheck = z.discriminatedUnion("kind", [
  z.strictObject({ ...reached, kind: z.literal("tcp"), address: text, port: z.int() }),
  z.strictObject({
    ...reached,
    kind: z.literal("http"),
    url: text,
    status: z.optional(z.array(z.int())),
    insecure: z.optional(z.literal(true)),
  }),
]);

const check = z.discriminatedUnion("kind", [
  z.strictObject({
    title: text,
    host: text,
    kind: z.literal("command"),
    command,
    expect: expected,
    mustAnswer: z.optional(z.literal(true)),
  }),
  z.strictObject({ title: text, host: text, kind: z.literal("reach"), check: healthCheck }),
]);

const base = {
  id: text.check(
    z.regex(/^[a-z0-9][a-z0-9-]{0,79}$/, { error: "up to 80 lower-case letters, digits and -" }),
  ),
  title: text,
  effect: z.enum(effects),
  needs: z.optional(z.array(check)),
  done: z.optional(check),
  again: z.optional(z.literal("safe")),
  undo: z.optional(z.lazy((): z.ZodMiniType => z.array(step))),
  timeoutMs: milliseconds,
  downMs: z.optional(milliseconds),
  diff: z.optional(z.array(text)),
  explain: z.optional(z.strictObject({ host: text, command, ignore: z.optional(text) })),
  keeps: z.optional(z.array(text)),
  destroys: z.optional(z.array(text)),
  commit: z.optional(z.literal(true)),
  optional: z.optional(z.literal(true)),
};

const step: z.ZodMiniType = z.discriminatedUnion("kind", [
  z.strictObject({
    ...base,
    kind: z.literal("run"),
    host: text,
    command,
    okExitCodes: z.optional(z.array(z.int())),
    means: z.optional(z.record(text.check(z.regex(/^\d+$/)), text)),
    output: z.optional(
      z.strictObject({
        must: z.optional(text),
        mustNot: z.optional(text),
        means: z.optional(z.array(z.strictObject({ match: text, says: text }))),
      }),
    ),
    secrets: z.optional(z.record(text.check(z.regex(/^[A-Z][A-Z0-9_]*$/)), secretReference)),
  }),
  z.strictObject({
    ...base,
    kind: z.literal("transfer"),
    host: text,
    command,
    from: z.strictObject({ host: text, command }),
    resumes: z.optional(command),
  }),
  z.strictObject({
    ...base,
    kind: z.literal("wait"),
    host: text,
    until: z.array(check),
    everyMs: milliseconds,
    steadyMs: z.optional(milliseconds),
    unchanged: z.optional(z.array(z.strictObject({ title: text, command }))),
  }),
  z.strictObject({
    ...base,
    kind: z.literal("upload"),
    host: text,
    path: text,
    mode: text.check(z.regex(/^0[0-7]{3}$/, { error: "four octal digits, such as 0644" })),
    owner: z.optional(text),
    sha256: text,
    source: z.union([z.strictObject({ file: text }), z.strictObject({ text: content })]),
  }),
  z.strictObject({ ...base, kind: z.literal("take-away"), host: text, path: text }),
  z.strictObject({ ...base, kind: z.literal("put-back"), host: text, path: text, of: text }),
  z.strictObject({ ...base, kind: z.literal("local"), argv, cwd: text }),
  z.strictObject({
    ...base,
    kind: z.literal("edit"),
    file: text,
    line: z.int(),
    was: text,
    becomes: text,
    offset: z.int(),
    sha256Before: text,
    sha256After: text,
  }),
]);

const plan = z.strictObject({
  format: z.literal(1, { error: "1, the only format that this version knows" }),
  id: text.check(z.regex(/^[a-z0-9-]{8,120}$/, { error: "the id of a plan" })),
  operation: text,
  title: text,
  madeAt: text,
  services: z.array(text),
  hosts: z.array(text),
  basis: z.array(
    z.discriminatedUnion("kind", [
      z.strictObject({ title: text, kind: z.literal("host"), host: text, command, stdout: text }),
      z.strictObject({ title: text, kind: z.literal("file"), file: text, sha256: text }),
    ]),
  ),
  onFailure: z.enum(["stop", "walk-back"]),
  steps: z.array(step),
  notes: z.array(text),
});

/** A plan that was kept as JSON. Throws `UsageError` that names `from`, the field, and what is expected there. */
export function parsePlan(value: unknown, from: string): Plan {
  const result = plan.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    const field = issue?.path.map(String).join(".") || "the document";
    throw new UsageError(`${from}: ${field}: ${issue?.message ?? "is not a plan"}`, {
      hint: "Plans are made with --dry-run --out FILE.",
    });
  }
  const made = result.data as Plan;
  const twice = firstTwice(idsOf(made.steps));
  if (twice !== undefined) throw new UsageError(`${from}: two steps have the id ${twice}`);
  for (const { host, id } of changingSteps(made.steps))
    if (!made.hosts.includes(host))
      throw new UsageError(`${from}: step ${id}: ${host} is not among the hosts of the plan`);
  return made;
}

/** Those for which the host has to be held. */
const changingSteps = (steps: readonly Step[]): readonly (Step & { readonly host: string })[] =>
  steps.flatMap((step) => [
    ...("host" in step && step.kind !== "wait" ? [step] : []),
    ...(step.kind === "transfer" ? [{ ...step, host: step.from.host }] : []),
    ...changingSteps(step.undo ?? []),
  ]);

/** Of all steps, those of the way back too. */
export const idsOf = (steps: readonly Step[]): readonly string[] =>
  steps.flatMap(({ id, undo = [] }) => [id, ...idsOf(undo)]);

function firstTwice(ids: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return ids.find((id) => seen.has(id) || !seen.add(id));
}
