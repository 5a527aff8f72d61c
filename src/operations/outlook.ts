import { Failure } from "../errors.ts";
import type { Service } from "../inventory/service.ts";
import { fetchFeed, type Planning } from "../plan/planning.ts";
import { countOf, lookAhead } from "../releases/between.ts";
import { parseFeed } from "../releases/feed.ts";
import { parseVersion } from "../releases/version.ts";
import type { Ground } from "./ground.ts";
import { findPins, placeOf } from "./pins.ts";

/** How far behind a service is. What could not be known says why, and is never taken for up to date. */
export interface Outlook {
  readonly service: string;
  readonly pin?: string;
  /** File, line and field, for people. */
  readonly pinnedAt?: string;
  /** The newest that an upgrade would take it to. */
  readonly next?: string;
  /** The newest of all, a major step away. */
  readonly nextMajor?: string;
  /** How many releases are newer: `3`, `at least 10`. */
  readonly newer?: string;
  /** What the notes of these speak of: breaking, migration, deprecation. */
  readonly warnings: readonly string[];
  /** Why nobody can tell. */
  readonly unknown?: string;
}

/** Compares the pin of a service with its feed. Changes nothing, and rejects for no service. */
export function* planOutlook(service: Service, ground: Pick<Ground, "inventory">): Planning<Outlook> {
  const known = { service: service.name, warnings: [] };
  let found: Pick<Outlook, "pin" | "pinnedAt"> = {};
  try {
    const [pin] = yield* findPins(service, ground);
    found = { pin: pin.version, pinnedAt: placeOf(pin) };
    if (service.releases === undefined) return { ...known, ...found, unknown: "no feed is declared" };
    const version = parseVersion(pin.version);
    if (!version)
      return { ...known, ...found, unknown: `${pin.version} is no version that could be compared` };
    const outlook = lookAhead(version, parseFeed(yield* fetchFeed(service.releases)));
    const { next, nextMajor, newer } = outlook;
    return {
      ...known,
      ...found,
      newer: countOf(outlook),
      warnings: [...new Set(newer.flatMap(({ warnings }) => warnings))],
      ...(next ? { next: next.text } : {}),
      ...(nextMajor ? { nextMajor: nextMajor.text } : {}),
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { ...known, ...found, unknown: error.message };
  }
}
