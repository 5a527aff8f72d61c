import { UsageError } from "../errors.ts";
import { selectHosts } from "../inventory/targets.ts";
import type { Homelab } from "../model/homelab.ts";
import { createJoin } from "../model/references.ts";
import type { Known } from "../model/resources.ts";
import type { KnownService } from "../model/services.ts";
import type { Context } from "./context.ts";
import { type Kind, toKind } from "./kinds.ts";
import type { GetOptions } from "./options.ts";
import { printDocument, toFormat } from "./output.ts";
import { toHostEntry, toReport, toResourceEntry, toServiceEntry } from "./report.ts";
import { selectResources, selectServices } from "./select.ts";
import { exitCodeOf } from "./status.ts";
import type { Style } from "./style.ts";

/** `scrap describe KIND NAME`: everything about one thing. Resolves with the exit code. */
export async function describe(
  context: Context,
  word: string,
  name: string,
  options: GetOptions,
): Promise<number> {
  const kind = toKind(word);
  const format = toFormat(options);
  const inventory = await context.loadInventory({ ...options, orThisMachine: true });
  const hosts = selectHosts(inventory, kind === "host" ? [name] : [...(options.host ?? [])]).map(
    (host) => host.name,
  );
  const session = await context.open(inventory, options);
  try {
    await session.once(hosts, options.timeout * 1000);
    const homelab = session.read(hosts);
    const thing = theOne(homelab, kind, name);
    if (format === "json" || format === "yaml")
      context.print(await printDocument(toReport(thing, new Date()), format));
    else context.print(await drawThing(thing, homelab, kind, context.style));
    const healths = [...thing.services, ...thing.resources].map(({ health }) => health);
    return exitCodeOf(thing.hosts, kind === "host" ? thing.hosts.map(({ state }) => state) : healths);
  } finally {
    await session.close();
  }
}

/** Narrows to exactly one thing. Throws `UsageError` with the candidates when it is none or several. */
function theOne(homelab: Homelab, kind: Kind, name: string): Homelab {
  if (kind === "host") return { ...homelab, services: [], resources: [] };
  const filter = { names: [name], problems: false, all: true };
  const services = kind === "service" ? selectServices(homelab, filter) : [];
  const resources = selectResources(homelab, kind, filter);
  const found = [...services, ...resources];
  if (found.length === 1) {
    const host = found[0]?.host;
    return { hosts: homelab.hosts.filter((known) => known.name === host), services, resources };
  }
  const away = homelab.hosts.filter(({ state }) => state === "unreachable").map((host) => host.name);
  if (found.length === 0)
    throw new UsageError(
      `There is no ${kind} ${name}${away.length > 0 ? ` where we could look; not reached: ${away.join(", ")}` : ""}.`,
    );
  throw new UsageError(
    `There are ${found.length} of that name:\n${found.map(({ id }) => `  ${id}`).join("\n")}`,
    {
      hint: `Name one of them in full: scrap describe ${kind} ${found[0]?.id}`,
    },
  );
}

async function drawThing(thing: Homelab, homelab: Homelab, kind: Kind, style: Style): Promise<string> {
  const [host] = thing.hosts;
  const joinOf = (name: string | undefined) =>
    createJoin(homelab.resources.filter((other) => other.host === name));
  const join = joinOf(host?.name);
  const [service] = thing.services;
  const [resource] = thing.resources;
  if (kind === "host" && host) return section(style, toHostEntry(host), []);
  if (service)
    return section(style, toServiceEntry(service), [
      ["stands on", service.uses.flatMap((used) => [used, ...joinOf(used.host).allBelow(used)])],
    ]);
  if (!resource) return "";
  return section(style, toResourceEntry(resource, join), [
    ["stands on", join.allBelow(resource)],
    ["on it", [...join.allAbove(resource), ...servicesOn(resource, homelab, join)]],
  ]);
}

/** The declared services that would be hurt without it. */
function servicesOn(
  resource: Known,
  { services }: Homelab,
  join: ReturnType<typeof createJoin>,
): readonly KnownService[] {
  const isOn = (used: Known) =>
    used.host === resource.host &&
    (used.id === resource.id || join.allBelow(used).some(({ id }) => id === resource.id));
  return services.filter(({ uses }) => uses.some(isOn));
}

type Related = readonly (readonly [title: string, things: readonly (Known | KnownService)[]])[];

async function section(style: Style, entry: object, related: Related): Promise<string> {
  const { uses: _, ...plain } = entry as { uses?: unknown };
  const lines = [await printDocument(withoutEmpty(plain), "yaml")];
  for (const [title, things] of related) {
    const unique = [...new Map(things.map((thing) => [thing.id, thing])).values()];
    if (unique.length > 0)
      lines.push(
        `${title}:\n${unique.map(({ id, health, reason }) => `  ${style.sign(health)} ${id}${reason ? `: ${reason}` : ""}`).join("\n")}`,
      );
  }
  return lines.join("\n");
}

const withoutEmpty = (entry: object) =>
  Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null && value !== undefined));
