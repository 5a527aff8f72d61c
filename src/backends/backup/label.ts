import type { BackupLabel, Consistency } from "../contract.ts";

const consistencies: readonly string[] = ["application", "moment", "file-by-file"] satisfies Consistency[];
const kinds = ["zfs", "btrfs", "path", "volume", "lvm"] as const;

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
  const [service, operation, host, consistency] = ["service", "op", "host", "consistency"].map(field);
  if (!words.includes("scrap") || !service || !operation || !host || !isConsistency(consistency))
    return undefined;
  const places = words.flatMap((word) => {
    const [, kind, name, path] = /^(\w+):(.*)=(\/.*)$/s.exec(word) ?? [];
    const known = kinds.find((each) => each === kind);
    return known && name && path ? [{ kind: known, name, path }] : [];
  });
  return { service, operation, host, consistency, places };
}

const isConsistency = (word: string | undefined): word is Consistency =>
  word !== undefined && consistencies.includes(word);

/** Somebody else's tag may be no such text. */
function decode(tag: string): string {
  try {
    return decodeURIComponent(tag);
  } catch {
    return tag;
  }
}
