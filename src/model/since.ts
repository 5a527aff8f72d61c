import type { Homelab, KnownHost } from "./homelab.ts";
import type { Problem } from "./hosts.ts";

/** Tells of each problem since when it is there: as the tool says, else since it was seen first. */
export type Dating = (homelab: Homelab, now: Date) => Homelab;

type Dates = ReadonlyMap<string, Pick<Problem, "since" | "isOlder">>;

/** `before` is what was known at the end of the last time. The same host again for the same host. */
export function createDating(before: Homelab | undefined): Dating {
  const seen = new Map(before?.hosts.map((host) => [host.name, { dates: datesOf(host), isAllSeen: false }]));
  const dated = new WeakMap<KnownHost, KnownHost>();
  const date = (host: KnownHost, now: Date): KnownHost => {
    const { dates, isAllSeen } = seen.get(host.name) ?? { dates: new Map(), isAllSeen: false };
    const known = { ...host, problems: dateProblems(host.problems, dates, isAllSeen, now) };
    // What a host does not tell now may be there still.
    const kept = isComplete(host) ? datesOf(known) : new Map([...dates, ...datesOf(known)]);
    seen.set(host.name, { dates: kept, isAllSeen: isAllSeen || isComplete(host) });
    dated.set(host, known);
    return known;
  };
  return (homelab, now) => ({
    ...homelab,
    hosts: homelab.hosts.map((host) => dated.get(host) ?? date(host, now)),
  });
}

function dateProblems(
  problems: readonly Problem[],
  dates: Dates,
  isAllSeen: boolean,
  now: Date,
): readonly Problem[] {
  const since = now.toISOString();
  return problems.map((problem, index) => {
    if (problem.since !== undefined) return problem;
    // Who was asked everything before had it not: it is new.
    const first = isAllSeen ? { since } : ({ since, isOlder: true } as const);
    return { ...problem, ...(dates.get(keyOf(problem, index, problems)) ?? first) };
  });
}

const isComplete = ({ link, probes }: KnownHost) =>
  link.status === "up" &&
  Object.keys(probes).length > 0 &&
  Object.values(probes).every(({ status }) => status !== "unasked");

const datesOf = ({ problems }: KnownHost): Dates =>
  new Map(
    problems.map((problem, index, all) => {
      const { since, isOlder } = problem;
      const date = { ...(since === undefined ? {} : { since }), ...(isOlder ? { isOlder } : {}) };
      return [keyOf(problem, index, all), date];
    }),
  );

/** Its words change while it lasts, such as how far a rebuild is: it is known by its thing, and which of that it is. */
function keyOf(problem: Problem, index: number, all: readonly Problem[]): string {
  const { resource, severity } = problem;
  const isSame = (other: Problem) => other.resource === resource && other.severity === severity;
  return `${all.slice(0, index).filter(isSame).length} ${severity} ${resource}`;
}
