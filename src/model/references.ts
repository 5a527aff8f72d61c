import type { Reference } from "../backends/resource.ts";
import type { Known } from "./resources.ts";

/** Who is meant by a name, on one host. */
export interface Join {
  /** The resources that go by that name. A path that is no mount is on the file system that holds it. */
  readonly resolve: (reference: Reference) => readonly Known[];
  /** What a resource stands on directly. */
  readonly below: (resource: Pick<Known, "uses">) => readonly Known[];
  /** All that it stands on, nearest first: service → file system → pool → disk. */
  readonly allBelow: (resource: Pick<Known, "uses">) => readonly Known[];
  /** All that would be hurt without it, nearest first. */
  readonly allAbove: (resource: Known) => readonly Known[];
}

const joins = new WeakMap<readonly Known[], Join>();

/** Joins the references of one host's resources. The same join for the same resources. */
export function createJoin(resources: readonly Known[]): Join {
  const join = joins.get(resources) ?? newJoin(resources);
  joins.set(resources, join);
  return join;
}

function newJoin(resources: readonly Known[]): Join {
  const named = new Map<Reference, Known[]>();
  for (const resource of resources)
    for (const name of resource.is) named.set(name, [...(named.get(name) ?? []), resource]);

  const resolve = (reference: Reference): readonly Known[] =>
    named.get(reference) ?? (reference.startsWith("mount:") ? holderOf(reference.slice(6)) : []);

  function holderOf(path: string): readonly Known[] {
    for (let at = path; at.startsWith("/"); at = at.slice(0, at.lastIndexOf("/"))) {
      const holder = named.get(`mount:${at}`);
      if (holder) return holder;
    }
    return named.get("mount:/") ?? [];
  }

  const below = ({ uses }: Pick<Known, "uses">) => [...new Set(uses.flatMap(resolve))];
  const above = (resource: Known) =>
    resources.filter((other) => other !== resource && below(other).includes(resource));

  return {
    resolve,
    below,
    allBelow: (resource) => walk(below(resource), below),
    allAbove: (resource) => walk(above(resource), above),
  };
}

/** Breadth first; a circle is walked once. */
function walk(start: readonly Known[], next: (resource: Known) => readonly Known[]): readonly Known[] {
  const reached = new Set(start);
  for (const resource of reached) for (const further of next(resource)) reached.add(further);
  return [...reached];
}
