/** A version as people write it into a tag: `v1.2.3`, `27-apache`, `2024.08.1-ls12`. */
export interface Version {
  /** As it was written. */
  readonly text: string;
  /** What stands before the numbers: `v`, `server-v`, or nothing. */
  readonly prefix: string;
  /** As written, because 08 is not 8 in a tag. */
  readonly numbers: readonly string[];
  readonly suffix: string;
  /** The words of the suffix, such as `apache`: two versions of different variants are different things. */
  readonly variant: string;
  readonly isPreRelease: boolean;
}

const shape = /^((?:[a-z][a-z0-9.]*[-_/@])*?v?\.?)(\d{1,15}(?:\.\d{1,15}){0,5})((?!\d|\.\d).*)?$/i;

const early =
  /^(alpha|beta|rc|a|b|c|m|pre|preview|prerelease|dev|develop|snapshot|nightly|canary|milestone|test|unstable|edge|next|ea|insiders?)$/i;

/** Undefined for what is no version, such as `latest` or a digest. */
export function parseVersion(text: string): Version | undefined {
  if (text.length > 128) return undefined;
  const [, prefix = "", numbers = "", suffix = ""] = shape.exec(text) ?? [];
  if (numbers === "") return undefined;
  const words = [...(suffix.split("+")[0] ?? "").matchAll(/[a-z]+/gi)].map(([word]) => word.toLowerCase());
  return {
    text,
    prefix,
    numbers: numbers.split("."),
    suffix,
    variant: words.filter((word) => !early.test(word)).join("-"),
    isPreRelease: words.some((word) => early.test(word)),
  };
}

/** Negative when `a` is the older. Of one variant: what they are variants of is not compared. */
export function compareVersions(a: Version, b: Version): number {
  return (
    compareNumbers(a.numbers, b.numbers) ||
    Number(b.isPreRelease) - Number(a.isPreRelease) ||
    compareNumbers(numbersIn(a.suffix), numbersIn(b.suffix))
  );
}

const numbersIn = (suffix: string) => [...suffix.matchAll(/\d{1,15}/g)].map(([digits]) => digits);

/** What is not written is 0. */
function compareNumbers(a: readonly string[], b: readonly string[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const difference = Number(a[at] ?? 0) - Number(b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * How `release` is written where `pin` stands now: with as many numbers, the same prefix and, when the release is of no
 * variant itself, the same suffix. A pin `27-apache` becomes `28-apache` with the release v28.0.1.
 */
export function writeLike(pin: Version, release: Version): Version {
  const numbers = release.numbers.slice(0, pin.numbers.length);
  const isCut = numbers.length < release.numbers.length;
  const suffix = release.variant === pin.variant && !isCut ? release.suffix : lasting(pin);
  const text = `${pin.prefix}${numbers.join(".")}${suffix}`;
  return parseVersion(text) ?? release;
}

/** The suffix of a version without what made it a pre-release. */
const lasting = ({ isPreRelease, suffix, variant }: Version): string =>
  isPreRelease ? variant && `-${variant}` : suffix;

/** A step that is announced by its first number. */
export const isMajorStep = (from: Version, to: Version): boolean =>
  Number(from.numbers[0]) !== Number(to.numbers[0]);
