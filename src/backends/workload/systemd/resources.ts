import { answeredAt, factOf, type Observations, type Seen } from "../../probe.ts";
import type { ResourceOf } from "../../resource.ts";
import type { UnitDetails } from "./details.ts";
import { findingsOf } from "./findings.ts";
import { clock, type ListedTimer, type ListedUnit, type Scope, timersProbe, unitsProbe } from "./probes.ts";
import { detailsOf, isOwn, ownFiles, referenceTo, unitsOf, versionOf } from "./scope.ts";

/** Services, and whatever else failed. */
export function unitsIn(scope: Scope, seen: Seen, previous: Observations): readonly ResourceOf<"unit">[] {
  const { observations } = seen;
  const listed = answeredAt(observations.of(unitsProbe(scope, versionOf(seen))));
  const probe = detailsOf(scope, seen);
  const observed = probe && observations.of(probe);
  const detailed = observed && answeredAt(observed);
  const byName = indexOf(observed && factOf(observed));
  const before = indexOf(probe && factOf(previous.of(probe)));
  const nowMs = detailed && clockAt(observations, detailed);
  const own = ownFiles(observations);
  const all = unitsOf(scope, seen);
  const isActive = (name: string) =>
    name.endsWith(".target") || all.some(({ unit, active }) => unit === name && active === "active");
  return all
    .filter(({ unit, active }) => unit.endsWith(".service") || active === "failed")
    .map((unit) => {
      const details = byName.get(unit.unit);
      const findings = findingsOf({
        unit,
        details,
        before: before.get(unit.unit),
        nowMs,
        wantedBy: details?.wantedBy?.find(isActive),
      });
      const isMine = isPersonal(unit.unit, details, own);
      return {
        kind: "unit",
        ...(scope.user ? { user: scope.user.name, owner: scope.user } : {}),
        name: unit.unit,
        findings,
        seenAt: oldest(listed, details && detailed),
        is: [referenceTo(scope, unit.unit)],
        uses: [],
        details: toDetails(unit, details),
        ...(isMine ? {} : { background: true }),
      } satisfies ResourceOf<"unit">;
    });
}

/** Timers. One whose service failed when it last ran says so too. */
export function timersIn(scope: Scope, seen: Seen): readonly ResourceOf<"timer">[] {
  const observed = seen.observations.of(timersProbe(scope));
  const seenAt = answeredAt(observed);
  const units = new Map(unitsOf(scope, seen).map((unit) => [unit.unit, unit]));
  const probe = detailsOf(scope, seen);
  const byName = indexOf(probe && factOf(seen.observations.of(probe)));
  const own = ownFiles(seen.observations);
  return (factOf(observed) ?? [])
    .filter(({ unit }) => units.has(unit))
    .map(({ unit, activates = "", ...times }: ListedTimer) => ({
      kind: "timer",
      ...(scope.user ? { user: scope.user.name, owner: scope.user } : {}),
      name: unit,
      findings:
        units.get(activates)?.active === "failed"
          ? [{ severity: "warning", message: `${activates} failed when it ran last` }]
          : [],
      seenAt: seenAt ?? new Date(0),
      is: [referenceTo(scope, unit)],
      uses: activates === "" ? [] : [referenceTo(scope, activates)],
      details: { activates, ...times },
      ...(isPersonal(unit, byName.get(unit), own) ? {} : { background: true }),
    }));
}

const indexOf = (details: readonly UnitDetails[] = []): ReadonlyMap<string, UnitDetails> =>
  new Map(details.map((each) => [each.unit, each]));

/** What the host's clock from boot showed at a time of ours. */
function clockAt(observations: Observations, at: Date): number | undefined {
  const observed = observations.of(clock);
  const uptimeMs = factOf(observed);
  const asked = answeredAt(observed);
  return uptimeMs === undefined || asked === undefined
    ? undefined
    : uptimeMs + at.getTime() - asked.getTime();
}

/** A person's own: written by hand, or generated from what was, such as a quadlet. */
const isPersonal = (
  unit: string,
  { path, source = "" }: Partial<UnitDetails> = {},
  own: ReadonlySet<string>,
) =>
  path === undefined
    ? isOwn(unit, own)
    : /^\/etc\/systemd\/|^\/usr\/local\/|\/\.config\/systemd\//.test(path) ||
      source.includes("/containers/systemd/");

function toDetails(unit: ListedUnit, details: UnitDetails | undefined): ResourceOf<"unit">["details"] {
  const { description, load, active, sub } = unit;
  const {
    result,
    exitCode = 0,
    exitStatus,
    restarts,
    enabled,
    path,
    source,
    memoryBytes,
    since,
  } = details ?? {};
  return {
    description,
    load,
    active,
    sub,
    ...(result === undefined ? {} : { result }),
    ...(exitStatus === undefined || exitCode === 0 ? {} : { exitStatus }),
    ...(restarts === undefined ? {} : { restarts }),
    ...(enabled === undefined ? {} : { enabled }),
    ...(path === undefined ? {} : { path }),
    ...(source === undefined ? {} : { source }),
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
    ...(since === undefined ? {} : { since }),
  };
}

const oldest = (...dates: readonly (Date | undefined)[]) =>
  new Date(Math.min(...dates.flatMap((date) => (date === undefined ? [] : [date.getTime()]))));
