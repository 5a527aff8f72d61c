import type { Release } from "./feed.ts";
import { compareVersions, isMajorStep, type Version, writeLike } from "./version.ts";

/** What a feed says to somebody who is held at a version. */
export interface Outlook {
  /** The newest of the same major version, as it would be written; absent when there is none that is newer. */
  readonly next?: Version;
  /** The newest of all, when it is a major step away. */
  readonly nextMajor?: Version;
  /** Newer than the pin, the newest first. */
  readonly newer: readonly Release[];
  /** The feed does not reach back to the pin: there may be more releases between. */
  readonly isCut: boolean;
}

/** Pre-releases, and other variants than that of the pin, are left out. */
export function lookAhead(pin: Version, releases: readonly Release[]): Outlook {
  const candidates = ofSameKind(pin, releases);
  const written = candidates.map((release) => ({ release, as: writeLike(pin, release.version) }));
  const newer = written
    .filter(({ as }) => compareVersions(as, pin) > 0)
    .sort((a, b) => compareVersions(b.release.version, a.release.version));
  const next = newer.find(({ as }) => !isMajorStep(pin, as))?.as;
  const newest = newer[0]?.as;
  return {
    newer: newer.map(({ release }) => release),
    isCut: newer.length > 0 && newer.length === written.length,
    ...(next === undefined ? {} : { next }),
    ...(newest && isMajorStep(pin, newest) ? { nextMajor: newest } : {}),
  };
}

/** Those that somebody who goes to `target` passes, it included; the newest first. */
export const upTo = (target: Version, { newer }: Outlook, pin: Version): readonly Release[] =>
  newer.filter(({ version }) => compareVersions(writeLike(pin, version), target) <= 0);

/** A forge announces an application; its image may come in variants. Where the feed has the variant, only that counts. */
function ofSameKind(pin: Version, releases: readonly Release[]): readonly Release[] {
  const ready = releases.filter(({ version }) => !version.isPreRelease);
  const sameVariant = ready.filter(({ version }) => version.variant === pin.variant);
  const ofVariant =
    sameVariant.length > 0 ? sameVariant : ready.filter(({ version }) => version.variant === "");
  const sameFamily = ofVariant.filter(({ version }) => familyOf(version) === familyOf(pin));
  const families = new Set(ofVariant.map(({ version }) => familyOf(version)));
  return sameFamily.length > 0 || families.size > 1 ? sameFamily : ofVariant;
}

/** `server` of `server-v1.2`: several things may be released in one feed. */
const familyOf = ({ prefix }: Version): string => prefix.replace(/v?\.?$/i, "").replace(/[-_/@]$/, "");

/** How many releases lie ahead, for people: `3`, or `at least 10`. */
export const countOf = ({ newer, isCut }: Outlook): string =>
  isCut ? `at least ${newer.length}` : `${newer.length}`;
