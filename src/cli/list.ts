import { UsageError } from "../errors.ts";
import type { Inventory } from "../inventory/inventory.ts";
import type { Homelab } from "../model/homelab.ts";
import { hostColumns, resourceColumns, serviceColumns } from "./columns.ts";
import type { Context } from "./context.ts";
import type { Kind } from "./kinds.ts";
import type { GetOptions } from "./options.ts";
import { type Format, printDocument } from "./output.ts";
import { toReport } from "./report.ts";
import { selectResources, selectServices } from "./select.ts";
import { exitCodeOf } from "./status.ts";
import { drawTable } from "./table.ts";

interface Wanted {
  readonly kind: Kind;
  readonly format: Format;
  readonly names: readonly string[];
  readonly hosts: readonly string[];
}

/** Asks the hosts and lists what was wanted of them. Resolves with the exit code. */
export async function list(
  context: Context,
  inventory: Inventory,
  { kind, format, names, hosts }: Wanted,
  options: GetOptions,
): Promise<number> {
  const session = await context.open(inventory, options);
  try {
    await session.once(hosts, options.timeout * 1000);
    const homelab = narrow(session.read(hosts), kind, names, options);
    if (
      isEmpty(homelab, kind) &&
      names.length > 0 &&
      homelab.hosts.every(({ state }) => state !== "unreachable")
    )
      throw new UsageError(`There is no ${kind} ${names.join(", ")} on ${hosts.join(", ")}.`);
    if (format === "json" || format === "yaml")
      context.print(await printDocument(toReport(homelab, new Date()), format));
    else if (format === "name") for (const id of idsOf(homelab, kind)) context.print(id);
    else context.print(draw(homelab, kind, context));
    for (const host of session.read(hosts).hosts)
      if (host.state === "unreachable")
        context.complain(`${host.name} could not be asked: ${host.problems[0]?.message}`);
      else if (host.unseen.length > 0)
        context.complain(`${host.name} does not show everything without root: scrap doctor ${host.name}`);
    return exitCodeOf(homelab.hosts, healthsOf(homelab, kind));
  } finally {
    await session.close();
  }
}

/** Leaves only what was asked for; the hosts stay, so that the reader learns which could not be asked. */
function narrow(homelab: Homelab, kind: Kind, names: readonly string[], options: GetOptions): Homelab {
  const filter = { names, problems: options.problems ?? false, all: options.all ?? false };
  if (kind === "host") {
    const hosts = homelab.hosts.filter(({ state }) => !filter.problems || state !== "ok");
    return { hosts, services: [], resources: [] };
  }
  const services = kind === "service" ? selectServices(homelab, filter) : [];
  // Asked for, it is of interest.
  const resources = selectResources(homelab, kind, filter).map((resource) => ({
    ...resource,
    background: false,
  }));
  return { hosts: homelab.hosts, services, resources };
}

const isEmpty = ({ hosts, services, resources }: Homelab, kind: Kind) =>
  kind === "host" ? hosts.length === 0 : services.length + resources.length === 0;

const idsOf = ({ hosts, services, resources }: Homelab, kind: Kind) =>
  kind === "host" ? hosts.map(({ name }) => name) : [...services, ...resources].map(({ id }) => id);

const healthsOf = ({ hosts, services, resources }: Homelab, kind: Kind) =>
  kind === "host" ? hosts.map(({ state }) => state) : [...services, ...resources].map(({ health }) => health);

function draw(homelab: Homelab, kind: Kind, { style }: Context): string {
  const now = new Date();
  if (isEmpty(homelab, kind)) return style.muted(`No ${kind} found.`);
  if (kind === "host") return drawTable(homelab.hosts, hostColumns(style, now), style);
  if (kind === "service") return drawTable(homelab.services, serviceColumns(style), style);
  return drawTable(homelab.resources, resourceColumns(kind, style, now), style);
}
