import type { ResourceKind } from "../backends/contract.ts";
import { UsageError } from "../errors.ts";

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

/** Singular or plural, as people type it. */
export function toKind(word: string): Kind {
  const kind = kinds.find((name) => [name, `${name}s`, `${name}es`].includes(word.toLowerCase()));
  if (kind) return kind;
  throw new UsageError(`There is no kind "${word}".`, { hint: `Kinds are: ${kinds.join(", ")}.` });
}
