import { factOf, type Observations, type Seen } from "../../probe.ts";
import type { Reference } from "../../resource.ts";
import { lingeringUsers } from "../users.ts";
import { detailsProbe, files, type ListedUnit, type Scope, unitsProbe, users } from "./probes.ts";

/** The system's manager, and that of each user who lingers. */
export const scopesOf = ({ observations }: Seen): readonly Scope[] => [
  {},
  ...lingeringUsers(users, observations).map(({ user }) => ({ user })),
];

/** The version as a number: what is not known counts as new. */
export const versionOf = ({ version }: Seen): number => Number(version ?? 999);

/** Loaded, and not somebody else's: podman runs its health checks as units named by the container. */
export const unitsOf = (scope: Scope, seen: Seen): readonly ListedUnit[] =>
  (factOf(seen.observations.of(unitsProbe(scope, versionOf(seen)))) ?? []).filter(
    ({ unit, load, active }) =>
      ((load !== "not-found" && load !== "masked") || active === "failed") &&
      !/^[0-9a-f]{64}(-[0-9a-f]+)?\.(service|timer)$/.test(unit),
  );

/** The probe for what the list does not tell; undefined when there is nothing to ask about. */
export function detailsOf(scope: Scope, seen: Seen) {
  if (seen.observations.of(files).status === "unasked") return undefined;
  const own = ownFiles(seen.observations);
  const names = unitsOf(scope, seen)
    .filter((unit) => isWorthAsking(unit, scope, own))
    .map(({ unit }) => unit)
    .filter((name) => /^[\w:.\\@-]+\.\w+$/.test(name))
    .sort();
  return names.length === 0 ? undefined : detailsProbe(scope, names);
}

/** Whatever may restart, whether it runs at this moment or not, so that the set stays the same. Where a user's files are, is not to be seen. */
function isWorthAsking(
  { unit, active, sub }: ListedUnit,
  { user }: Scope,
  own: ReadonlySet<string>,
): boolean {
  if (active === "failed") return true;
  if (user !== undefined) return /\.(service|timer)$/.test(unit);
  if (!unit.endsWith(".service") || unit.startsWith("user@")) return false;
  return isOwn(unit, own) || (active !== "inactive" && sub !== "exited");
}

export const ownFiles = (observations: Observations): ReadonlySet<string> =>
  new Set((factOf(observations.of(files)) ?? []).map((path) => path.slice(path.lastIndexOf("/") + 1)));

/** By its file, or by that of its template. */
export const isOwn = (unit: string, own: ReadonlySet<string>): boolean =>
  own.has(unit) || own.has(unit.replace(/@.+(?=\.\w+$)/, "@"));

export const referenceTo = ({ user }: Scope, unit: string): Reference =>
  user ? `unit:${user.name}/${unit}` : `unit:${unit}`;
