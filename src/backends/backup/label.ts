import { type BackupLabel, consistencyLevels, dataKinds } from "../backup-verbs.ts";

/** A label as short words without commas and white space, which every tool can keep with a backup. */
export const toTags = ({ service, operation, host, consistency, places }: BackupLabel): readonly string[] =>
  [
    "scrap",
    `service=${service}`,
    `op=${operation}`,
    `host=${host}`,
    `consistency=${consistency}`,
    ...places.map(({ kind, name, path }) => `${kind}:${name}=${path}`),
  ].map((word) => word.replaceAll(/[%,\s]/g, encodeURIComponent));

/** Undefined for what we did not make. */
export function parseTags(tags: readonly string[]): BackupLabel | undefined {
  const words = tags.map(decode);
  const field = (name: string) => words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
  const [service, operation, host] = ["service", "op", "host"].map(field);
  const consistency = consistencyLevels.find((each) => each === field("consistency"));
  if (!words.includes("scrap") || !service || !operation || !host || !consistency) return undefined;
  const places = words.flatMap((word) => {
    const [, kind, name, path] = /^(\w+):(.*)=(\/.*)$/s.exec(word) ?? [];
    const known = dataKinds.find((each) => each === kind);
    const isPlain = path !== undefined && !path.split("/").includes("..");
    return known && name && isPlain ? [{ kind: known, name, path }] : [];
  });
  return { service, operation, host, consistency, places };
}

/** Somebody else's tag may be no such text. */
function decode(tag: string): string {
  try {
    const text = decodeURIComponent(tag);
    // Whoever writes to the repository may have hidden something in it.
    return /[\p{Cc}\p{Cf}]/u.test(text) ? tag : text;
  } catch {
    return tag;
  }
}
