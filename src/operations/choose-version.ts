import { Refused, UsageError } from "../errors.ts";
import { isTag } from "../inventory/pin.ts";
import type { Service } from "../inventory/service.ts";
import { fetchFeed, type Planning } from "../plan/planning.ts";
import { countOf, lookAhead, type Outlook, upTo } from "../releases/between.ts";
import { parseFeed, type Release } from "../releases/feed.ts";
import { compareVersions, isMajorStep, parseVersion, type Version, writeLike } from "../releases/version.ts";

export interface Choice {
  /** The version it is to have; the one it has when there is nothing newer. */
  readonly to: string;
  /** What lies between, for people. */
  readonly notes: readonly string[];
}

export interface Wanted {
  readonly to?: string;
  readonly major?: boolean;
}

/** Chooses the version to go to from `pin`, with what the feed says of the way there. Throws `Refused` with why not. */
export function* chooseVersion(service: Service, pin: string, { to, major }: Wanted): Planning<Choice> {
  const { name, releases: url } = service;
  if (to !== undefined && !isTag(to)) throw new UsageError(`${to} is no version.`);
  const from = parseVersion(pin);
  if (url === undefined) {
    if (to === undefined)
      throw new Refused(`Nobody said where releases of ${name} are announced.`, {
        hint: `Name the version with --to, or its feed in the inventory: services.${name}.releases`,
      });
    return {
      to: check(name, from, pin, to, major),
      notes: ["No feed is known that tells what lies between."],
    };
  }
  const releases = parseFeed(yield* fetchFeed(url));
  if (!from) {
    if (to !== undefined) return { to, notes: [`${pin} is no version: what lies between is not known.`] };
    throw new Refused(`${name} is held at ${pin}, which is no version that could be compared.`, {
      hint: "Name the one to go to with --to.",
    });
  }
  const outlook = lookAhead(from, releases);
  const chosen = to ?? (major ? (outlook.nextMajor ?? outlook.next) : outlook.next)?.text ?? pin;
  return { to: check(name, from, pin, chosen, major), notes: toNotes(from, chosen, outlook, releases) };
}

function check(name: string, from: Version | undefined, pin: string, to: string, major = false): string {
  const target = parseVersion(to);
  if (!from || !target || to === pin) return to;
  if (target.variant !== from.variant)
    throw new Refused(`${to} is another variant of ${name} than ${pin}.`, {
      hint: `Write it like ${pin}. Another variant is no upgrade: it is deployed.`,
    });
  if (compareVersions(target, from) < 0)
    throw new Refused(`${to} is older than ${pin}: that is no upgrade of ${name}.`, {
      hint: `scrap rollback ${name} takes the last upgrade back.`,
    });
  if (isMajorStep(from, target) && !major)
    throw new Refused(`From ${pin} to ${to} is a major step of ${name}.`, {
      hint: "Read what it breaks first, then say --major.",
    });
  return to;
}

const mostReleases = 15;

function toNotes(
  from: Version,
  chosen: string,
  outlook: Outlook,
  releases: readonly Release[],
): readonly string[] {
  const target = parseVersion(chosen);
  const passed = target ? upTo(target, outlook, from) : [];
  const isAnnounced =
    target !== undefined &&
    releases.some(({ version }) => compareVersions(writeLike(from, version), target) === 0);
  const { nextMajor } = outlook;
  return [
    ...(chosen !== from.text && !isAnnounced ? [`${chosen} is not in the feed of its releases.`] : []),
    ...(passed.length > 0 ? [`Releases on the way: ${countOf({ ...outlook, newer: passed })}`] : []),
    ...passed.slice(0, mostReleases).map((release) => `  ${toLine(release)}`),
    ...(passed.length > mostReleases ? [`  and ${passed.length - mostReleases} more`] : []),
    ...(nextMajor && nextMajor.text !== chosen
      ? [`${nextMajor.text} is there too: a major step, with --major.`]
      : []),
  ];
}

/** `1.3.0 2026-10-05 Autumn https://… (speaks of breaking, migration)`. */
function toLine({ version, title, at, link, warnings }: Release): string {
  const words = [
    version.text,
    at?.slice(0, 10),
    title === version.text ? undefined : title,
    link,
    warnings.length > 0 ? `(speaks of ${warnings.join(", ")})` : undefined,
  ];
  return words.filter(Boolean).join("  ");
}
