import { UsageError } from "../errors.ts";
import type { Inventory } from "../inventory/inventory.ts";
import { didYouMean } from "../inventory/nearest.ts";
import type { Homelab } from "../model/homelab.ts";
import { loadHosts, withAnswers } from "./asking.ts";
import type { Context } from "./context.ts";
import { drawHost } from "./describe-host.ts";
import { drawResource } from "./describe-resource.ts";
import { drawService } from "./describe-service.ts";
import { exitCodeOf } from "./exit-code.ts";
import { complainOf, exitCodeOfMissing, gapsOf } from "./gaps.ts";
import { isKind, type Kind, kinds, toKind } from "./kinds.ts";
import type { GetOptions } from "./options.ts";
import { printDocument, toFormat } from "./output.ts";
import { toReport } from "./report.ts";
import { healthsOf, idsOf, namesOfKind, selectResources, selectServices } from "./select.ts";

/** `scrap describe KIND NAME`: everything about one thing. Resolves with the exit code. */
export async function describe(
  context: Context,
  word: string,
  name: string | undefined,
  options: GetOptions,
): Promise<number> {
  if (name === undefined && !isKind(word))
    throw new UsageError(`Of what kind is ${word}? Kinds are: ${kinds.join(", ")}.`, {
      hint: `For example: scrap describe service ${word}`,
    });
  const kind = toKind(word);
  if (name === undefined) throw new UsageError(`Which ${kind}?`, { hint: `scrap get ${kind} lists them.` });
  const format = toFormat(options);
  const { inventory, hosts: named } = await loadHosts(
    context,
    kind === "host" ? [name] : (options.host ?? []),
    options,
  );
  const hosts = kind === "host" ? [theHost(inventory, name, named)] : named;
  return withAnswers(context, inventory, hosts, options, async (homelab, session) => {
    const thing = theOne(homelab, kind, name);
    if (!thing) {
      const gaps = gapsOf(homelab, session, [kind]);
      const known = namesOfKind(homelab, kind).flat();
      const message = `No ${kind} is named ${name}${didYouMean(name, known)}`;
      if (exitCodeOfMissing(gaps) === 2) throw new UsageError(message);
      context.complain(message);
      complainOf(gaps, context);
      return exitCodeOfMissing(gaps);
    }
    if (format === "json" || format === "yaml")
      context.print(await printDocument(toReport(thing, new Date()), format));
    else if (format === "name") for (const id of idsOf(thing, kind)) context.print(id);
    else context.print(drawThing(thing, homelab, context));
    // Where a service runs, every host has a say in.
    return exitCodeOf(kind === "service" ? homelab.hosts : thing.hosts, healthsOf(thing, kind));
  });
}

/** A group may stand for a single host; more than one is not one thing. */
function theHost({ hosts }: Inventory, name: string, named: readonly string[]): string {
  const [first] = named;
  if (hosts.has(name)) return name;
  if (first !== undefined && named.length === 1) return first;
  throw new UsageError(`${name} is ${named.length} hosts:\n${named.map((host) => `  ${host}`).join("\n")}`, {
    hint: `Name one of them: scrap describe host ${first}`,
  });
}

/** Narrows to exactly one thing; undefined when there is none. Throws `UsageError` with the candidates of several. */
function theOne(homelab: Homelab, kind: Kind, name: string): Homelab | undefined {
  if (kind === "host") return { ...homelab, services: [], resources: [] };
  const filter = { names: [name], problems: false, all: true };
  const services = kind === "service" ? selectServices(homelab, filter) : [];
  const resources = selectResources(homelab, kind, filter);
  const [first, ...others] = [...services, ...resources];
  if (!first) return undefined;
  if (others.length === 0)
    return { hosts: homelab.hosts.filter((known) => known.name === first.host), services, resources };
  const all = [first, ...others];
  throw new UsageError(
    `There are ${all.length} of that name:\n${all.map(({ id }) => `  ${id}`).join("\n")}`,
    {
      hint: `Name one of them in full: scrap describe ${kind} ${first.id}`,
    },
  );
}

function drawThing(thing: Homelab, homelab: Homelab, { style }: Context): string {
  const now = new Date();
  const [service] = thing.services;
  const [resource] = thing.resources;
  const [host] = thing.hosts;
  if (service) return drawService(service, homelab, style, now);
  if (resource) return drawResource(resource, homelab, style, now);
  return host ? drawHost(host, homelab, style, now) : "";
}
