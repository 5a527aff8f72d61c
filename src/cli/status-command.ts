import { selectHosts } from "../inventory/targets.ts";
import type { Homelab } from "../model/homelab.ts";
import type { Context, Session } from "./context.ts";
import type { ReadOptions } from "./options.ts";
import { printDocument, toFormat } from "./output.ts";
import { toReport } from "./report.ts";
import { drawStatus, exitCodeOf } from "./status.ts";

export interface StatusOptions extends ReadOptions {
  readonly watch?: boolean;
  readonly interval?: number;
}

/** `scrap status [HOST|GROUP…]`. Resolves with the exit code. */
export async function status(
  context: Context,
  words: readonly string[],
  options: StatusOptions,
): Promise<number> {
  const format = toFormat(options);
  const inventory = await context.loadInventory({ ...options, orThisMachine: true });
  const hosts = selectHosts(inventory, [...words]).map(({ name }) => name);
  const session = await context.open(inventory, options);
  try {
    if (options.watch && format === "table") return await watch(context, session, hosts, options);
    await session.once(hosts, options.timeout * 1000);
    const homelab = session.read(hosts);
    if (format === "json" || format === "yaml")
      context.print(await printDocument(toReport(homelab, new Date()), format));
    else if (format === "name") for (const { name } of homelab.hosts) context.print(name);
    else context.print(drawStatus(homelab, context.style, new Date()));
    return exitCode(homelab);
  } finally {
    await session.close();
  }
}

async function watch(
  context: Context,
  session: Session,
  hosts: readonly string[],
  options: StatusOptions,
): Promise<number> {
  const seconds = options.interval ?? (await context.settings()).watchRefreshSeconds;
  const stop = new AbortController();
  session.watch(hosts, seconds * 1000, AbortSignal.any([stop.signal, context.interrupted]));
  const draw = (columns: number, rows: number) =>
    drawStatus(session.read(hosts), { ...context.style, columns }, new Date(), rows).split("\n");
  try {
    await context.watchLines({ lines: draw, subscribe: session.subscribe, refreshMs: seconds * 1000 });
  } finally {
    stop.abort();
  }
  return exitCode(session.read(hosts));
}

const exitCode = ({ hosts, services }: Homelab) =>
  exitCodeOf(hosts, [...hosts.map(({ state }) => state), ...services.map(({ health }) => health)]);
