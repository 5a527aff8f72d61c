import type { Homelab, KnownHost } from "../model/homelab.ts";
import { createJoin, type Join } from "../model/references.ts";
import type { Known } from "../model/resources.ts";
import type { KnownService } from "../model/services.ts";
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
    ["on it", [...join.allAbove(resource), ...servicesOn(resource, homelab, join)]],
  ] as const;
  const lists = related
    .filter(([, things]) => things.length > 0)
    .map(([title, things]) => `${title}:\n${things.map((thing) => toLine(thing, style)).join("\n")}`);
  return [await printDocument(withoutEmpty(entry), "yaml"), ...lists].join("\n");
}

const toLine = ({ id, health, reason }: Known | KnownService, style: Style) =>
  `  ${style.sign(health)} ${id}${reason ? `: ${reason}` : ""}`;

/** The declared services that would be hurt without it. */
const servicesOn = (resource: Known, { services }: Homelab, join: Join): readonly KnownService[] =>
  services.filter(({ uses }) =>
    uses.some((used) => used.id === resource.id || join.allBelow(used).some(({ id }) => id === resource.id)),
  );

const withoutEmpty = (entry: object) =>
  Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null && value !== undefined));
