import { createInterface } from "node:readline/promises";
import { Refused } from "../errors.ts";
import { destroyedBy, type Plan } from "../plan/plan.ts";
import type { Context } from "./context.ts";

export interface Consent {
  readonly yes?: boolean;
  readonly confirm?: readonly string[];
}

/**
 * `--yes` covers changes and interruptions. What is destroyed has to be named, each by `--confirm NAME` or typed in.
 * Throws `Refused` without it; nobody is asked where there is no terminal.
 */
export async function askConsent(
  plan: Plan,
  context: Context,
  { yes, confirm = [] }: Consent,
): Promise<void> {
  const missing = destroyedBy(plan).filter((name) => !confirm.includes(name));
  if (missing.length === 0 && (yes || confirm.length > 0)) return;
  const hint =
    missing.length > 0
      ? `It destroys ${missing.join(", ")}: ${missing.map((name) => `--confirm ${name}`).join(" ")}`
      : "Look at it with --dry-run, then say --yes.";
  if (!context.isTTY || !process.stdin.isTTY)
    throw new Refused(`${plan.title}: nobody consented to it.`, { hint });
  await withTerminal(context, async (ask) => {
    for (const name of missing)
      if ((await ask(`This destroys ${name}. Type its name to go on: `)) !== name)
        throw new Refused(`${plan.title}: not confirmed.`);
    if (missing.length === 0 && !/^(y|yes)$/i.test(await ask("Do it? [y/N] ")))
      throw new Refused(`${plan.title}: not confirmed.`);
  });
}

/** As `askConsent`, for what is no plan. */
export async function askYes(context: Context, about: string, question: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (!context.isTTY || !process.stdin.isTTY)
    throw new Refused(`${about} Nobody consented to it.`, { hint: "Say --yes when you mean it." });
  context.complain(about);
  await withTerminal(context, async (ask) => {
    if (!/^(y|yes)$/i.test(await ask(`${question} [y/N] `))) throw new Refused("Not confirmed.");
  });
}

async function withTerminal(
  { interrupted }: Context,
  converse: (ask: (question: string) => Promise<string>) => Promise<void>,
): Promise<void> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    await converse(async (question) => {
      try {
        return (await reader.question(question, { signal: interrupted })).trim();
      } catch {
        return "";
      }
    });
  } finally {
    reader.close();
  }
}
