import { Failure, Refused } from "../errors.ts";
import type { Operation } from "../journal/operation.ts";
import type { Basis, Plan } from "../plan/plan.ts";
import type { Work } from "./hands.ts";
import type { Change } from "./host-locks.ts";
import { digestOf } from "./own-files.ts";
import { persist } from "./persist.ts";

/** Throws `Refused` that names each field that is another one now. */
export async function checkBasis({ basis }: Plan, work: Work): Promise<void> {
  const wanted = basis.map((field) => (field.kind === "file" ? field.sha256 : field.stdout));
  const differences = await differencesIn(basis, wanted, work);
  if (differences.length === 0) return;
  throw new Refused(`The world has moved since it was planned:\n${indented(differences)}`, {
    hint: "Plan it again.",
  });
}

/**
 * Of an operation that is gone on with. Throws `Refused` that says who changed its hosts since, and what is not as it was
 * left, unless a person wants it anyway.
 */
export async function checkLeft(
  { plan, ended, goesAnyway }: Operation,
  changes: readonly Change[],
  work: Work,
): Promise<void> {
  if (goesAnyway) return;
  const differences = [
    ...changes.map(
      ({ host, owner, title, at, operation }) =>
        `${host}: ${title}, by ${owner} at ${at.toISOString()} (${operation})`,
    ),
    ...(ended?.basis ? await differencesIn(plan.basis, ended.basis, work) : []),
  ];
  if (differences.length === 0) return;
  throw new Refused(`Others have changed something since it was left:\n${indented(differences)}`, {
    hint: "Plan it again; or with --anyway it goes on, or back, all the same:",
  });
}

/** What the fields of the basis are now, for who goes on with it one day. Undefined where one of them does not answer. */
export async function readBasis({ basis }: Plan, work: Work): Promise<readonly string[] | undefined> {
  try {
    return await Promise.all(basis.map((field) => askField(field, { ...work, patienceMs: 0 })));
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

const indented = (lines: readonly string[]) => lines.map((line) => `  ${line}`).join("\n");

async function differencesIn(
  basis: readonly Basis[],
  before: readonly string[],
  work: Work,
): Promise<readonly string[]> {
  const now = await Promise.all(basis.map((field) => askField(field, work)));
  return basis.flatMap((field, index) =>
    now[index] === before[index] ? [] : [describe(field, before[index], now[index])],
  );
}

const describe = (field: Basis, before = "", now = ""): string =>
  field.kind === "file"
    ? `${field.title}: ${field.file} was changed`
    : `${field.title} on ${field.host} was ${before || "not there"}, is ${now || "gone"}`;

async function askField(field: Basis, { transport, patienceMs }: Work): Promise<string> {
  if (field.kind === "file") return digestOf(field.file);
  const { stdout } = await persist(patienceMs, () => transport.link(field.host).ask(field.command));
  return stdout.trim();
}
