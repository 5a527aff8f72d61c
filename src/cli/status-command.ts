import { UsageError } from "../errors.ts";
import type { Inventory } from "../inventory/inventory.ts";
import type { Unfinished } from "../journal/unfinished.ts";
import type { Homelab } from "../model/homelab.ts";
import { loadHosts, withAnswers } from "./asking.ts";
import type { Context } from "./context.ts";
import { exitCodeOf } from "./exit-code.ts";
import type { ReadOptions } from "./options.ts";
import { printDocument, toFormat } from "./output.ts";
import { watchPlainly } from "./plain.ts";
import { toReport } from "./report.ts";
import { seeRuns } from "./see-runs.ts";
import { drawStatus } from "./status.ts";

export interface StatusOptions extends ReadOptions {
  readonly host?: readonly string[];
  readonly watch?: boolean;
  readonly interval?: number;
  readonly plain?: boolean;
}

/** `scrap status [HOST|GROUP…]`. Resolves with the exit code. */
export async function status(
  context: Context,
  words: readonly string[],
  options: StatusOptions,
): Promise<number> {
  const format = toFormat(options);
  if (options.watch && format !== "table")
    throw new UsageError(`--watch keeps a table on the screen; it does not print ${format}.`, {
      hint: `Leave one of them out: a document is printed once, as scrap status -o ${format}.`,
    });
  const { inventory, hosts } = await loadHosts(context, [...words, ...(options.host ?? [])], options);
  if (options.watch) return watch(context, inventory, hosts, options);
  return withAnswers(context, inventory, hosts, options, async (homelab) => {
    const operations = await context.unfinished(inventory);
    await seeRuns(homelab.hosts, context, options);
    if (format === "json" || format === "yaml")
      context.print(await printDocument({ ...toReport(homelab, new Date()), operations }, format));
    else if (format === "name") for (const { name } of homelab.hosts) context.print(name);
    else context.print(drawStatus(homelab, context.style, new Date(), Number.POSITIVE_INFINITY, operations));
    return exitCode(homelab, operations);
  });
}

async function watch(
  context: Context,
  inventory: Inventory,
  hosts: readonly string[],
  options: StatusOptions,
): Promise<number> {
  const session = await context.open(inventory, options);
  const stop = new AbortController();
  try {
    const seconds = options.interval ?? (await context.settings()).watchRefreshSeconds;
    let operations = await context.unfinished(inventory);
    if (options.plain || context.isPlain || !context.isTTY)
      return await watchPlainly(context, session, hosts, seconds, operations);
    const again = setInterval(async () => {
      operations = await context.unfinished(inventory);
    }, seconds * 1000);
    stop.signal.addEventListener("abort", () => clearInterval(again));
    session.watch(hosts, seconds * 1000, AbortSignal.any([stop.signal, context.interrupted]));
    const draw = (columns: number, rows: number) =>
      drawStatus(session.read(hosts), { ...context.style, columns }, new Date(), rows, operations).split(
        "\n",
      );
    const end = await context.watchLines({
      lines: draw,
      subscribe: session.subscribe,
      refreshMs: seconds * 1000,
    });
    return end === "interrupted" ? 130 : exitCode(session.read(hosts), operations);
  } finally {
    stop.abort();
    await session.close();
  }
}

const exitCode = ({ hosts, services }: Homelab, operations: readonly Unfinished[]) =>
  exitCodeOf(hosts, [
    ...operations.map(() => "failed" as const),
    ...hosts.map(({ state }) => state),
    ...services.map(({ health }) => health),
  ]);
