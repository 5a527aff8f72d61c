import { factOf, type Seen } from "../../probe.ts";
import type { Reference } from "../../resource.ts";
import { lingeringUsers } from "../users.ts";
import { containersProbe, detailsProbe, homeProbe, type Scope, storage, users } from "./probes.ts";

/** Everyone who uses podman here: the system, and users. */
export function scopesOf(seen: Seen): readonly Scope[] {
  const { observations } = seen;
  const system = factOf(observations.of(storage)) === true ? [{}] : [];
  const persons = lingeringUsers(users, observations).filter(
    (account) => factOf(observations.of(homeProbe(account))) === true,
  );
  return [...system, ...persons.map(({ user }) => ({ user }))];
}

/** `5.4.2` → 5, 4, 2. What is not known counts as new. */
export const versionOf = ({ version }: Seen): readonly number[] =>
  version === undefined ? [999] : version.split(".").map((part) => Number.parseInt(part, 10));

export const containersOf = (scope: Scope, seen: Seen) =>
  factOf(seen.observations.of(containersProbe(scope, versionOf(seen)))) ?? [];

/** The probe for what the list does not tell; undefined where there is no container. */
export function detailsOf(scope: Scope, seen: Seen) {
  const ids = containersOf(scope, seen)
    .map(({ id }) => id)
    .sort();
  return ids.length === 0 ? undefined : detailsProbe(scope, versionOf(seen), ids);
}

export const referenceTo = (kind: "container" | "pod" | "unit", { user }: Scope, name: string): Reference =>
  user ? `${kind}:${user.name}/${name}` : `${kind}:${name}`;
