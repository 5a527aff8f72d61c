import { UsageError } from "../errors.ts";
import type { Inventory } from "../inventory/inventory.ts";
import { didYouMean } from "../inventory/nearest.ts";
import type { Homelab } from "../model/homelab.ts";
import { withAnswers } from "./asking.ts";
import { hostColumns, resourceColumns, serviceColumns } from "./columns.ts";
import type { Context } from "./context.ts";
import { exitCodeOf } from "./exit-code.ts";
import { complainOf, exitCodeOfMissing, type Gaps, gapsOf } from "./gaps.ts";
import type { Kind } from "./kinds.ts";
import type { GetOptions } from "./options.ts";
import { type Format, printDocument } from "./output.ts";
import { toReport } from "./report.ts";
import { healthsOf, idsOf, isNamed, namesOfKind, selectResources, selectServices } from "./select.ts";
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
  wanted: Wanted,
  options: GetOptions,
): Promise<number> {
  return withAnswers(context, inventory, wanted.hosts, options, async (all, session) => {
    const { kind, format } = wanted;
    const gaps = gapsOf(all, session, [kind]);
    const missing = missingOf(all, wanted);
    const isWrong = missing.length > 0 && exitCodeOfMissing(gaps) === 2;
    if (isWrong && missing.length === wanted.names.length) throw new UsageError(missing.join("\n"));
    const homelab = narrow(all, kind, wanted.names, options);
    if (format === "json" || format === "yaml")
      context.print(await printDocument(toReport(homelab, new Date()), format));
    else if (format === "name") for (const id of idsOf(homelab, kind)) context.print(id);
    else context.print(draw(homelab, kind, context, options));
    for (const message of missing) context.complain(message);
    complainOf(gaps, context);
    if (kind === "host" || kind === "service") complainOfUnseen(all, context);
    const exitCode = exitCodeOf(all.hosts, healthsOf(homelab, kind));
    if (exitCode === 3) return exitCode;
    if (isWrong) return 2;
    return isTold(all, kind, gaps) ? exitCode : 1;
  });
}

/** For each name that nothing has, what to say. Hosts are known by the inventory: a wrong one was refused before. */
function missingOf(homelab: Homelab, { kind, names }: Wanted): readonly string[] {
  if (kind === "host") return [];
  const known = namesOfKind(homelab, kind);
  return names
    .map((name) => name.replace(/^!/, ""))
    .filter((name) => !known.some((all) => isNamed([name], all)))
    .map((name) => `No ${kind} is named ${name}${didYouMean(name, known.flat())}`);
}

/** Did each host tell what it has? Where only root sees all, what others see is an answer; nothing is none. */
function isTold({ resources }: Homelab, kind: Kind, { spots }: Gaps): boolean {
  const seenOn = new Set(resources.filter((resource) => resource.kind === kind).map(({ host }) => host));
  return spots.every(({ needsRoot, host }) => needsRoot && seenOn.has(host));
}

function complainOfUnseen({ hosts }: Homelab, context: Context): void {
  for (const { name, unseen } of hosts)
    if (unseen.length > 0)
      context.complain(`${name} does not show everything without root: scrap doctor ${name}`);
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

function draw(homelab: Homelab, kind: Kind, context: Context, { problems, output }: GetOptions): string {
  const now = new Date();
  const style = output === "wide" ? { ...context.style, columns: Number.POSITIVE_INFINITY } : context.style;
  if (isEmpty(homelab, kind))
    return style.muted(problems ? `No ${kind} with a problem was seen.` : `No ${kind} was seen.`);
  if (kind === "host") return drawTable(homelab.hosts, hostColumns(style, now), style);
  if (kind === "service") return drawTable(homelab.services, serviceColumns(style, now), style);
  return drawTable(homelab.resources, resourceColumns(kind, style, now), style);
}
