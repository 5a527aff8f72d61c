import type { Homelab, KnownHost } from "../model/homelab.ts";
import { sayProblem } from "../model/hosts.ts";
import type { Access } from "../transport/transport.ts";
import { sayDetail, toAge, toDuration } from "../words.ts";
import { titleOf, toLine } from "./describe-resource.ts";
import { drawSections, type Section } from "./sections.ts";
import type { Style } from "./style.ts";

const storage: ReadonlySet<string> = new Set(["disk", "array", "pool", "filesystem"]);

/** A host: how it is, how it is reached, what it tells of itself, and what is on it. */
export function drawHost(host: KnownHost, homelab: Homelab, style: Style, now: Date): string {
  const { name, state, problems, address, facts, seenAt, unseen } = host;
  const resources = homelab.resources.filter((resource) => resource.host === name);
  const sections: Section[] = [
    ["Name", name],
    ["State", `${style.sign(state)} ${style.paint(state, state)}`],
    ["Problems", problems.map((problem) => `${style.sign(problem.severity)} ${sayProblem(problem)}`)],
    ["Address", address],
    ["Reached", sayReached(host, now)],
    ...Object.entries(facts).map(([fact, value]): Section => [titleOf(fact), sayDetail(fact, value)]),
    ["Seen", toAge(seenAt, now)],
    [
      "Services",
      homelab.services.filter((known) => known.host === name).map((known) => toLine(known, style)),
    ],
    ["Storage", resources.filter(({ kind }) => storage.has(kind)).map((resource) => toLine(resource, style))],
    [
      "Not seen",
      unseen.flatMap(({ what, why, fix }, index, all) => [
        `${what}: ${why}`,
        ...(index === all.length - 1 ? [`mend it with: ${fix}`] : []),
      ]),
    ],
  ];
  return drawSections(sections, style);
}

function sayPrivilege(privilege: Access["privilege"]): string {
  if (privilege === "root") return "as root";
  return privilege === "none" ? "not as root" : `as root by ${privilege}`;
}

function sayReached({ link }: KnownHost, now: Date): string | undefined {
  switch (link.status) {
    case "up":
      return `by ${link.access.driver}, ${sayPrivilege(link.access.privilege)}`;
    case "down":
      return `not for ${toDuration(now.getTime() - link.since.getTime())}`;
    default:
      return undefined;
  }
}
