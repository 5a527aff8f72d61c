import { Failure, UsageError } from "../errors.ts";
import { repositoriesMeant } from "../operations/verify.ts";
import type { Context } from "./context.ts";
import { type OperateOptions, operate } from "./operate.ts";

/** `scrap verify [REPOSITORY|SERVICE…]`: an operation each, so that one that is damaged keeps nobody from the next. */
export async function verify(
  context: Context,
  words: readonly string[],
  { readData, ...options }: OperateOptions & { readonly readData?: boolean },
): Promise<number> {
  const inventory = await context.loadInventory({ ...options, silently: true });
  const names = repositoriesMeant(words, inventory);
  if (options.out !== undefined && names.length !== 1)
    throw new UsageError(`--out keeps one plan: which one of ${names.join(", ")}?`);
  if (names.length === 0) context.print("No service declares a backup: there is no repository to verify.");
  let worst = 0;
  for (const name of names) {
    const request = { verb: "verify", name, ...(readData ? { readData } : {}) } as const;
    try {
      worst = Math.max(worst, await operate(context, request, options));
    } catch (error) {
      // That one of them cannot be asked is told, and says nothing of the others.
      if (!(error instanceof Failure) || names.length === 1) throw error;
      context.complain(`scrap: ${error.message}${error.hint === undefined ? "" : `\n${error.hint}`}`);
      worst = Math.max(worst, error.exitCode);
    }
  }
  return worst;
}
