import { UsageError } from "../errors.ts";
import type { Inventory } from "../inventory/inventory.ts";
import { didYouMean } from "../inventory/nearest.ts";
import { splitWords } from "../inventory/targets.ts";
import type { AutoUpdated } from "../operations/auto-updated.ts";
import type { Outlook } from "../operations/outlook.ts";
import type { Context, Outdated } from "./context.ts";
import type { ReadOptions } from "./options.ts";
import { printDocument, toFormat } from "./output.ts";
import type { Style } from "./style.ts";
import { type Column, drawTable } from "./table.ts";

/** `scrap outdated [SERVICE…]`. Resolves with 0, with 1 when something is not known or not well, 3 when a host is away. */
export async function outdated(
  context: Context,
  words: readonly string[],
  options: ReadOptions,
): Promise<number> {
  const inventory = await context.loadInventory({ ...options, orThisMachine: true });
  const all = [...inventory.services.keys()];
  const { included, excluded } = splitWords(words);
  const strange = [...included, ...excluded].find((name) => !inventory.services.has(name));
  if (strange !== undefined)
    throw new UsageError(`No service is named ${strange}${didYouMean(strange, all)}`);
  const named = included.length === 0 && excluded.length > 0 ? all : included;
  const names = named.filter((name) => !excluded.includes(name));
  if (names.length === 0 && excluded.length > 0) throw new UsageError(`${words.join(" ")} leaves no service`);
  const operations = await context.operations(options);
  const session = await context.open(inventory, options);
  try {
    const hosts = hostsOf(names, inventory);
    const found = await operations.outdated(names, { session, hosts, timeoutMs: options.timeout * 1000 });
    const away = session.read(hosts).hosts.filter(({ state }) => state === "unreachable");
    const format = toFormat(options);
    if (format === "name") for (const { service } of found.services.filter(isBehind)) context.print(service);
    else if (format === "table") context.print(draw(found, context.style));
    else context.print(await printDocument({ version: 1, ...found }, format));
    for (const { host, why } of found.unknown)
      if (!away.some(({ name }) => name === host)) context.complain(`${host}: ${why}`);
    if (away.length > 0) {
      context.complain(`${away.map(({ name }) => name).join(", ")}: not reachable`);
      return 3;
    }
    const isUnwell = found.autoUpdates.some(({ falseClaim }) => falseClaim !== undefined);
    const isUnknown =
      found.unknown.length > 0 ||
      found.services.some(({ pin, unknown }) => pin !== undefined && unknown !== undefined);
    return isUnwell || isUnknown ? 1 : 0;
  } finally {
    await session.close();
  }
}

/** Of whom nobody asked, nobody has to wait for. */
function hostsOf(names: readonly string[], { services, hosts }: Inventory): readonly string[] {
  if (names.length === 0) return [...hosts.keys()];
  return [...new Set(names.flatMap((name) => services.get(name)?.home ?? []))];
}

const isBehind = ({ next, nextMajor }: Outlook) => next !== undefined || nextMajor !== undefined;

function draw({ services, autoUpdates }: Outdated, style: Style): string {
  const tables = [
    services.length > 0 ? drawTable(services, serviceColumns, style) : style.muted("No service is declared."),
    autoUpdates.length > 0 ? drawTable(autoUpdates, updateColumns(style), style) : "",
  ];
  return tables.filter((table) => table !== "").join("\n\n");
}

const serviceColumns: readonly Column<Outlook>[] = [
  { title: "NAME", cell: ({ service }) => service, essential: true },
  { title: "PINNED", cell: ({ pin }) => pin ?? "-", essential: true },
  {
    title: "NEWEST",
    cell: ({ next, nextMajor, pin, unknown }) =>
      unknown !== undefined
        ? "?"
        : [next ?? pin, nextMajor && `${nextMajor} (major)`].filter(Boolean).join(", "),
    essential: true,
  },
  {
    title: "BETWEEN",
    cell: ({ newer }) => (newer === undefined || newer === "0" ? "" : newer),
    align: "right",
  },
  {
    title: "NOTE",
    cell: ({ warnings, unknown }) =>
      (unknown ?? (warnings.length > 0 ? `speaks of ${warnings.join(", ")}` : "")).replaceAll(/\s+/g, " "),
    flexible: true,
  },
];

const updateColumns = (style: Style): readonly Column<AutoUpdated>[] => [
  { title: "HOST", cell: ({ host }) => host },
  {
    title: "UPDATED BY ITSELF",
    cell: ({ user, unit }) => (user ? `${user}/${unit}` : unit),
    essential: true,
  },
  { title: "IMAGE", cell: ({ image }) => image ?? "" },
  { title: "POLICY", cell: ({ policy }) => policy ?? "" },
  { title: "PENDING", cell: ({ isPending }) => (isPending ? "yes" : "no") },
  { title: "LAST ROUND", cell: ({ lastClaim }) => (lastClaim === "true" ? "updated" : (lastClaim ?? "")) },
  {
    title: "NOTE",
    cell: ({ falseClaim }) =>
      falseClaim === undefined ? "" : style.paint("failed", `called a success, but ${falseClaim}`),
    flexible: true,
  },
];
