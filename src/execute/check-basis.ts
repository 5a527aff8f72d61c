import { Refused } from "../errors.ts";
import type { Basis, Plan } from "../plan/plan.ts";
import type { Work } from "./hands.ts";
import { digestOf } from "./own-files.ts";
import { persist } from "./persist.ts";

/** Throws `Refused` that names each field that is another one now. */
export async function checkBasis({ basis }: Plan, work: Work): Promise<void> {
  const moved = await Promise.all(basis.map((field) => differenceIn(field, work)));
  const differences = moved.filter((difference) => difference !== undefined);
  if (differences.length === 0) return;
  throw new Refused(
    `The world has moved since it was planned:\n${differences.map((each) => `  ${each}`).join("\n")}`,
    { hint: "Plan it again." },
  );
}

async function differenceIn(field: Basis, { transport, patienceMs }: Work): Promise<string | undefined> {
  if (field.kind === "file") {
    const now = await digestOf(field.file);
    return now === field.sha256 ? undefined : `${field.title}: ${field.file} was changed`;
  }
  const { stdout } = await persist(patienceMs, () => transport.link(field.host).ask(field.command));
  const now = stdout.trim();
  return now === field.stdout
    ? undefined
    : `${field.title} on ${field.host} was ${field.stdout || "not there"}, is ${now || "gone"}`;
}
