import { UsageError } from "../errors.ts";
import { didYouMean } from "../inventory/nearest.ts";
import type { Context } from "./context.ts";
import { type FormatOptions, printDocument, toFormat } from "./output.ts";

/** `scrap settings [KEY [VALUE]]`, or `KEY=VALUE`. Resolves with the exit code. */
export async function settings(
  context: Context,
  options: FormatOptions,
  key?: string,
  value?: string,
): Promise<number> {
  const [, name, text] = (value === undefined && /^([^=]+)=(.*)$/s.exec(key ?? "")) || [];
  if (name !== undefined) return settings(context, options, name, text);
  const format = toFormat(options);
  const file = await context.settings();
  if (key !== undefined && value !== undefined) {
    await file.set(key, value);
    return 0;
  }
  const all = file.list();
  const shown = all.filter(([name]) => key === undefined || name === key);
  if (shown.length === 0) {
    const names = all.map(([name]) => name);
    throw new UsageError(`There is no setting ${key}${didYouMean(key ?? "", names)}`, {
      hint: `Settings are: ${names.join(", ")}.`,
    });
  }
  if (format === "json" || format === "yaml") {
    context.print(await printDocument(Object.fromEntries(shown), format));
    return 0;
  }
  if (key === undefined && format === "table") context.complain(file.path);
  for (const [name, set] of shown)
    context.print(format === "name" ? name : `${name} = ${JSON.stringify(set)}`);
  return 0;
}
