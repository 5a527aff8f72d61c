import type { KnownHost } from "../../model/homelab.ts";
import { toAge } from "../../words.ts";
import { type Line, line, span } from "../line.ts";
import type { Lab } from "../view/lab.ts";

/** When something was answered, and how long that answer stays fresh. */
export interface Seen {
  readonly host: string;
  readonly seenAt?: Date;
  readonly freshMs?: number;
}

export const seenOfHost = ({ name, ...host }: KnownHost): Seen => ({ ...host, host: name });

/** So many rounds without an answer, and it is grey; a round more, and its age is told. */
const roundsUntilGrey = 2;
const roundsUntilAge = 3;

/** How often it could have been answered since. */
const roundsSince = ({ seenAt, freshMs = 0 }: Seen, { refreshMs }: Lab): number =>
  seenAt === undefined ? 0 : (Date.now() - seenAt.getTime()) / Math.max(freshMs, refreshMs);

const isConnected = ({ host }: Seen, lab: Lab) => lab.host(host)?.link.status === "up";

/** May it be another by now? So is all that is known of a host without a connection. */
export const isGrey = (seen: Seen, lab: Lab): boolean =>
  !isConnected(seen, lab) || roundsSince(seen, lab) >= roundsUntilGrey;

/** Nothing while it is fresh. */
export function ageCell(seen: Seen, lab: Lab): Line {
  const { host, seenAt } = seen;
  const isUp = isConnected(seen, lab);
  if (seenAt === undefined) return lab.host(host)?.link.status === "idle" ? [] : line(span("never", "muted"));
  if (isUp && roundsSince(seen, lab) < roundsUntilAge) return [];
  return line(span(toAge(seenAt, new Date()), isUp ? "warning" : "muted"));
}

/** Of several the one that missed most. */
export const mostLate = <Item extends Seen>(all: readonly Item[], lab: Lab): Item | undefined =>
  all.toSorted((a, b) => roundsSince(b, lab) - roundsSince(a, lab))[0];
