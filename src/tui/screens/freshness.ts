import type { KnownHost } from "../../model/homelab.ts";
import type { Due } from "../../model/resources.ts";
import { toAge } from "../../words.ts";
import { type Line, line, span } from "../line.ts";
import type { Lab } from "../view/lab.ts";

/** When something was answered, and how long that answer stays fresh. */
export interface Seen {
  readonly host: string;
  readonly seenAt?: Date;
  /** Absent of what was remembered only: however young it is, it may be another by now. */
  readonly due?: Due;
}

/** Of one that is only remembered, no question is known. */
export const seenOfHost = ({ name, seenAt, freshMs = 0, probes }: KnownHost): Seen => ({
  host: name,
  ...(seenAt === undefined ? {} : { seenAt }),
  ...(seenAt === undefined || Object.keys(probes).length === 0 ? {} : { due: { at: seenAt, freshMs } }),
});

/** So many rounds without an answer, and it is grey; a round more, and its age is told. */
const roundsUntilGrey = 2;
const roundsUntilAge = 3;

/** How often it could have been answered since. */
function roundsSince({ seenAt, due }: Seen, { refreshMs }: Lab): number {
  if (!due) return seenAt === undefined ? 0 : Number.POSITIVE_INFINITY;
  return (Date.now() - due.at.getTime()) / Math.max(due.freshMs, refreshMs);
}

const isConnected = ({ host }: Seen, lab: Lab) => lab.host(host)?.link.status === "up";

/** May it be another by now? So is all that is known of a host without a connection. */
export const isGrey = (seen: Seen, lab: Lab): boolean =>
  !isConnected(seen, lab) || roundsSince(seen, lab) >= roundsUntilGrey;

/** Nothing while it is fresh. */
export function ageCell(seen: Seen, lab: Lab): Line {
  const { host, due } = seen;
  const seenAt = due?.at ?? seen.seenAt;
  const isUp = isConnected(seen, lab);
  if (seenAt === undefined) return lab.host(host)?.link.status === "idle" ? [] : line(span("never", "muted"));
  if (isUp && roundsSince(seen, lab) < roundsUntilAge) return [];
  return line(span(toAge(seenAt, new Date()), isUp ? "warning" : "muted"));
}

/** Of several the one that missed most. */
export const mostLate = <Item extends Seen>(all: readonly Item[], lab: Lab): Item | undefined =>
  all.reduce<Item | undefined>(
    (most, item) => (most && roundsSince(most, lab) >= roundsSince(item, lab) ? most : item),
    undefined,
  );
