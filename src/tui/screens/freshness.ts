import type { KnownHost } from "../../model/homelab.ts";
import type { Due } from "../../model/resources.ts";
import { toAge } from "../../words.ts";
import { type Line, line, span } from "../line.ts";
import type { Lab } from "../view/lab.ts";

/** When something was answered, and how long that answer stays fresh. */
export interface Seen {
  readonly host: string;
  readonly seenAt?: Date;
  /** Absent of what was remembered only. */
  readonly due?: Due;
}

export const seenOfHost = ({ name, seenAt, freshMs = 0 }: KnownHost): Seen => ({
  host: name,
  ...(seenAt === undefined ? {} : { seenAt, due: { at: seenAt, freshMs } }),
});

/** So many rounds without an answer, and it is grey; a round more, and its age is told. */
const roundsUntilGrey = 2;
const roundsUntilAge = 3;

/** How often it could have been answered since. */
function roundsSince({ seenAt, due }: Seen, { refreshMs }: Lab): number {
  const at = due?.at ?? seenAt;
  return at === undefined ? 0 : (Date.now() - at.getTime()) / Math.max(due?.freshMs ?? 0, refreshMs);
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
  all.toSorted((a, b) => roundsSince(b, lab) - roundsSince(a, lab))[0];
