import type { ResourceKind } from "../../backends/resource.ts";
import type { OperationSummary } from "../../journal/standing.ts";
import type { Homelab, KnownHost } from "../../model/homelab.ts";
import { createJoin, type Join } from "../../model/references.ts";
import { type Known, shortName } from "../../model/resources.ts";
import { type KnownService, servicesAbove } from "../../model/services.ts";
import type { Units } from "../../words.ts";

/** Which thing a row or a page is about. It stays the same while the thing moves and changes. */
export interface Ref {
  readonly kind: "host" | "service" | "operation" | ResourceKind;
  /** The name of a host or a declared service, the id of anything else. */
  readonly id: string;
}

/** What people call it. */
export const nameOfRef = ({ kind, id }: Ref): string =>
  kind === "host" || kind === "service" || kind === "operation" ? id : shortName(id);

/** `unit web.service on vps1`; of an operation, what it does. */
export function titleOfRef(ref: Ref, lab: Lab): string {
  const { kind, id } = ref;
  if (kind === "operation") {
    const summary = lab.operation(id);
    return summary && "operation" in summary ? summary.operation.plan.title : id;
  }
  const host = kind === "host" || kind === "service" ? "" : ` on ${id.split("/")[0]}`;
  return `${kind} ${nameOfRef(ref)}${host}`;
}

/** Where a host stands, as the inventory has it. */
export interface Place {
  readonly zone?: string;
  readonly groups: readonly string[];
  /** The UPS that feeds it. */
  readonly power?: string;
}

/** What is known at one moment, with the ways through it that screens go. */
export interface Lab {
  readonly homelab: Homelab;
  /** How sizes are counted. */
  readonly units: Units;
  /** Nothing is asked more often than that. */
  readonly refreshMs: number;
  /** What is changed and was changed, the newest first. */
  readonly operations: readonly OperationSummary[];
  readonly operation: (id: string) => OperationSummary | undefined;
  readonly hosts: ReadonlyMap<string, KnownHost>;
  readonly placeOf: (host: string) => Place;
  readonly servicesOn: (host: string) => readonly KnownService[];
  readonly resourcesOn: (host: string) => readonly Known[];
  readonly resources: <Kind extends ResourceKind>(kind: Kind) => readonly Known<Kind>[];
  readonly host: (name: string) => KnownHost | undefined;
  readonly service: (name: string) => KnownService | undefined;
  readonly resource: (id: string) => Known | undefined;
  readonly joinOn: (host: string) => Join;
  /** The declared service that a resource is a part of. */
  readonly serviceOf: (id: string) => KnownService | undefined;
  /** The declared services that would be hurt without it. */
  readonly servicesAbove: (resource: Known) => readonly KnownService[];
}

const nowhere: Place = { groups: [] };

/** Each way is laid when it is first gone. */
export function createLab(
  homelab: Homelab,
  places: ReadonlyMap<string, Place>,
  { units, refreshMs, operations }: Pick<Lab, "units" | "refreshMs" | "operations">,
): Lab {
  const hosts = new Map(homelab.hosts.map((host) => [host.name, host]));
  const onHost = once(() => Map.groupBy(homelab.resources, ({ host }) => host));
  const ofKind = once(() => Map.groupBy(homelab.resources, ({ kind }) => kind));
  const byId = once(() => new Map(homelab.resources.map((resource) => [resource.id, resource])));
  const servicesOnHost = once(() => Map.groupBy(homelab.services, ({ host }) => host));
  const byName = once(() => new Map(homelab.services.map((known) => [known.service.name, known])));
  const owners = once(
    () => new Map(homelab.services.flatMap((known) => known.parts.map((part) => [part.id, known] as const))),
  );
  /** Those that use something of a host, wherever they run: data may be on a file server. */
  const servicesWith = once(() => {
    const users = new Map<string, KnownService[]>();
    for (const known of homelab.services)
      for (const host of new Set(known.uses.map((used) => used.host)))
        users.set(host, [...(users.get(host) ?? []), known]);
    return users;
  });
  const joinOn = (host: string) => createJoin(onHost().get(host) ?? []);
  return {
    homelab,
    units,
    refreshMs,
    operations,
    operation: (id) => operations.find((each) => each.id === id),
    hosts,
    placeOf: (host) => places.get(host) ?? nowhere,
    servicesOn: (host) => servicesOnHost().get(host) ?? [],
    resourcesOn: (host) => onHost().get(host) ?? [],
    // The map is grouped by the kind: each group is of its own.
    resources: <Kind extends ResourceKind>(kind: Kind) =>
      (ofKind().get(kind) ?? []) as unknown as readonly Known<Kind>[],
    host: (name) => hosts.get(name),
    service: (name) => byName().get(name),
    resource: (id) => byId().get(id),
    joinOn,
    serviceOf: (id) => owners().get(id),
    servicesAbove: (resource) =>
      servicesAbove(resource, servicesWith().get(resource.host) ?? [], joinOn(resource.host)),
  };
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
