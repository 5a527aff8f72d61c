import type { ResourceKind } from "../backends/resource.ts";
import { UsageError } from "../errors.ts";
import { didYouMean } from "../inventory/nearest.ts";

/** What `scrap get` can list, singular. */
export const kinds = [
  "host",
  "service",
  "unit",
  "timer",
  "container",
  "pod",
  "project",
  "disk",
  "array",
  "pool",
  "filesystem",
  "ups",
] as const satisfies readonly (ResourceKind | "service")[];
export type Kind = (typeof kinds)[number];

/** By which backends a kind is seen. A service is seen by those of what it runs as; it says itself what is not known. */
export const toolsOf: { readonly [K in Kind]: readonly string[] } = {
  host: [],
  service: [],
  unit: ["systemd"],
  timer: ["systemd"],
  container: ["podman", "docker"],
  pod: ["podman"],
  project: ["docker"],
  disk: ["blockdevices", "smart"],
  array: ["mdadm"],
  pool: ["zfs", "btrfs", "lvm"],
  filesystem: ["filesystem"],
  ups: ["nut", "apcupsd"],
};

const spellings = (kind: Kind) => [kind, `${kind}s`, `${kind}es`];

const find = (word: string) => kinds.find((name) => spellings(name).includes(word.toLowerCase()));

export const isKind = (word: string): boolean => find(word) !== undefined;

/** Singular or plural, as people type it. */
export function toKind(word: string): Kind {
  const kind = find(word);
  if (kind) return kind;
  throw new UsageError(`There is no kind "${word}"${didYouMean(word, kinds.flatMap(spellings))}`, {
    hint: `Kinds are: ${kinds.join(", ")}.`,
  });
}
