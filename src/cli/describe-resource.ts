import type { Homelab, KnownHost } from "../model/homelab.ts";
import { createJoin } from "../model/references.ts";
import type { Known } from "../model/resources.ts";
import { type KnownService, servicesAbove } from "../model/services.ts";
import { printDocument } from "./output.ts";
import { toHostEntry, toResourceEntry } from "./report.ts";
import type { Style } from "./style.ts";

/** All that is known of a host. */
export const drawHost = (host: KnownHost): Promise<string> =>
  printDocument(withoutEmpty(toHostEntry(host)), "yaml");

/** All that is known of a resource, what it stands on, and what stands on it. */
export async function drawResource(resource: Known, homelab: Homelab, style: Style): Promise<string> {
  const join = createJoin(homelab.resources.filter(({ host }) => host === resource.host));
  const { uses: _, ...entry } = toResourceEntry(resource, join);
  const related = [
    ["stands on", join.allBelow(resource)],
    ["on it", [...join.allAbove(resource), ...servicesAbove(resource, homelab.services, join)]],
  ] as const;
  const lists = related
    .filter(([, things]) => things.length > 0)
    .map(([title, things]) => `${title}:\n${things.map((thing) => toLine(thing, style)).join("\n")}`);
  return [await printDocument(withoutEmpty(entry), "yaml"), ...lists].join("\n");
}

const toLine = ({ id, health, reason }: Known | KnownService, style: Style) =>
  `  ${style.sign(health)} ${id}${reason ? `: ${reason}` : ""}`;

const withoutEmpty = (entry: object) =>
  Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null && value !== undefined));
