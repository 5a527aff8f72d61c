import { loadHosts } from "./asking.ts";
import type { Context } from "./context.ts";
import { toKind } from "./kinds.ts";
import type { GetOptions } from "./options.ts";
import { toFormat } from "./output.ts";

/** `scrap get KIND [NAME…]`. Resolves with the exit code. */
export async function get(
  context: Context,
  word: string,
  names: readonly string[],
  options: GetOptions,
): Promise<number> {
  const kind = toKind(word);
  const format = toFormat(options);
  const wanted = kind === "host" && names.length > 0 ? names : (options.host ?? []);
  const { inventory, hosts } = await loadHosts(context, wanted, options);
  // Names need no answers: completions ask for them at every key.
  if (kind === "host" && format === "name" && !options.problems) {
    for (const name of hosts) context.print(name);
    return 0;
  }
  const { list } = await import("./list.ts");
  return list(context, inventory, { kind, format, names, hosts }, options);
}
