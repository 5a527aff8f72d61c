import { sayStanding, unfinishedAmong } from "../../journal/standing.ts";
import type { KnownHost } from "../../model/homelab.ts";
import { type Problem, sayProblem } from "../../model/hosts.ts";
import { shortName } from "../../model/resources.ts";
import { toDuration, withoutName } from "../../words.ts";
import type { Lab, Ref } from "../view/lab.ts";
import { sayAway } from "./away.ts";
import { stateCell } from "./cells.ts";
import { ageCell, seenOfHost } from "./freshness.ts";
import { inShort } from "./in-short.ts";
import { defineList, type List } from "./list.ts";

interface Item {
  readonly host: KnownHost;
  readonly problem: Problem;
  /** Which of several of one thing. */
  readonly nth: number;
}

const problemsOf = (host: KnownHost): readonly Item[] =>
  host.problems.map((problem, index, all) => ({
    host,
    problem,
    nth: all.slice(0, index).filter(({ resource }) => resource === problem.resource).length,
  }));

/** What somebody began, and nobody ended: it may hold hosts, and have left something stopped. */
const unfinishedIn = (lab: Lab): readonly Item[] =>
  unfinishedAmong(lab.operations, Date.now()).flatMap(({ summary, standing }) => {
    if ("broken" in summary) return [];
    const { plan, startedAt } = summary.operation;
    const host = lab.host(plan.hosts[0] ?? "");
    const severity = standing === "stopped" ? "warning" : "failed";
    const message = `${sayStanding(standing)}: ${plan.title}`;
    const problem = { kind: "operation", resource: summary.id, severity, message, since: startedAt } as const;
    return host ? [{ host, problem, nth: 0 }] : [];
  });

const isOfHost = ({ kind }: Problem) => kind === "host" || kind === "probe";

/** What opens. A question that failed is its host's. */
function refOf({ host, problem: { kind, resource } }: Item, lab: Lab): Ref {
  if (kind === "operation") return { kind, id: resource };
  if (kind === "service") return { kind, id: shortName(resource) };
  const known = lab.resource(resource);
  return known && known.kind !== "host"
    ? { kind: known.kind, id: known.id }
    : { kind: "host", id: host.name };
}

function nameOf({ host, problem }: Item): string {
  if (problem.kind === "operation") return problem.resource;
  return isOfHost(problem) ? host.name : shortName(problem.resource);
}

/** The name of its host stands beside it, its own goes before: as wide as it is, and not as the longest of all. */
function sayMessage({ host, problem }: Item): string {
  if (isAway({ host, problem })) return sayAway(host, problem);
  if (problem.kind === "operation") return problem.message;
  return sayProblem({ ...problem, message: inShort(withoutName(problem.message, host.name)) });
}

const isAway = ({ host, problem }: Omit<Item, "nth">) =>
  host.state === "unreachable" && problem.kind === "host";

const severityOf = (item: Item) => (isAway(item) ? 0 : severities.indexOf(item.problem.severity) + 1);

const sinceOf = ({ problem: { since } }: Item) =>
  since === undefined ? undefined : Date.now() - Date.parse(since);

/** All that is wrong, of whatever kind, the worst first: what a list of hosts becomes when only problems are wanted. */
export const problemsBy = (id: string, groupOf?: (host: KnownHost, lab: Lab) => string): List =>
  defineList<Item>({
    id: `${id}.problems`,
    title: "problems",
    rows: (lab) => [
      ...unfinishedIn(lab),
      ...lab.homelab.hosts.flatMap(problemsOf).toSorted((a, b) => severityOf(a) - severityOf(b)),
    ],
    toRow: (item, lab) => ({
      key: `${item.problem.resource} ${item.problem.severity} ${item.nth}`,
      ref: refOf(item, lab),
      kind: isOfHost(item.problem) ? "host" : item.problem.kind,
      host: item.host.name,
      name: nameOf(item),
      health: item.problem.severity,
      reason: item.problem.message,
      seen: seenOfHost(item.host),
    }),
    columns: [
      { title: "HOST", cell: ({ host }) => host.name, rank: 0 },
      { title: "KIND", cell: ({ problem }) => (isOfHost(problem) ? "host" : problem.kind), rank: 2 },
      {
        title: "PROBLEM",
        cell: (item) => stateCell(item.problem.severity, sayMessage(item)),
        by: severityOf,
        flexible: true,
        whole: true,
        rank: 0,
      },
      {
        title: "SINCE",
        // What was so when somebody looked first is older than that.
        cell: (item) => {
          const ms = sinceOf(item);
          return ms === undefined ? "" : `${item.problem.isOlder ? "> " : ""}${toDuration(Math.max(0, ms))}`;
        },
        by: sinceOf,
        align: "right",
        rank: 0,
      },
      {
        title: "SEEN",
        cell: (item, lab) => (isAway(item) ? "" : ageCell(seenOfHost(item.host), lab)),
        rank: 1,
      },
    ],
    empty: "No problem is known.",
    ...(groupOf ? { groupOf: ({ host }, lab) => groupOf(host, lab) } : {}),
  });

const severities: readonly Problem["severity"][] = ["failed", "warning", "unknown"];
