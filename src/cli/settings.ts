import { UsageError } from "../errors.ts";
import type { Context } from "./context.ts";

/** `scrap settings [KEY [VALUE]]`. Resolves with the exit code. */
export async function settings(context: Context, key?: string, value?: string): Promise<number> {
  const file = await context.settings();
  if (key !== undefined && value !== undefined) {
    await file.set(key, value);
    return 0;
  }
  const shown = file.list().filter(([name]) => key === undefined || name === key);
  if (shown.length === 0) throw new UsageError(`There is no setting ${key}.`);
  if (key === undefined) context.complain(file.path);
  for (const [name, set] of shown) context.print(`${name} = ${JSON.stringify(set)}`);
  return 0;
}
