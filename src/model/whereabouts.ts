import type { Service } from "../inventory/service.ts";
import { type Presence, type Sighting, sight, toPresence } from "./placement.ts";
import type { Known } from "./resources.ts";
import type { HostState } from "./state.ts";

export interface HostView {
  readonly host: HostState;
  readonly resources: readonly Known[];
}

/** Where a service is, and where it may be. */
export interface Whereabouts {
  /** Its candidates, and the hosts beside them where it is seen running, or was before they fell silent. */
  readonly found: readonly { readonly view: HostView; readonly presence: Presence }[];
  /** The hosts where it runs. */
  readonly runsOn: readonly string[];
}

/** What makes a service run somewhere: 0 it is at home there, 1 it may be moved there, 2 nobody said so. */
function distanceTo(host: string, { home, failover, replica }: Service): 0 | 1 | 2 {
  if (home === host) return 0;
  return failover?.to.includes(host) || replica?.on === host ? 1 : 2;
}

/** A unit of that name may be another service's: then it is shared, and says less. */
interface Claim {
  readonly sighting: Sighting;
  readonly isShared: boolean;
}

type Claims = ReadonlyMap<Service, Claim>;

/** Finds services on hosts. Of the hosts, in their order; what was seen of a host is matched once. */
export function createLocator(
  services: readonly Service[],
): (views: readonly HostView[]) => (service: Service) => Whereabouts {
  const cache = new WeakMap<readonly Known[], Claims>();
  const claimsOn = ({ host, resources }: HostView): Claims => {
    const claims = cache.get(resources) ?? settleClaims(services, host.name, resources);
    cache.set(resources, claims);
    return claims;
  };

  return (views) => {
    const seenOn = new Map<Service, Set<string>>();
    for (const view of views)
      for (const [service, { sighting }] of claimsOn(view))
        if (sighting.state === "running")
          seenOn.set(service, (seenOn.get(service) ?? new Set()).add(view.host.name));

    return (service) => {
      const found = views
        .filter(({ host: { name } }) => distanceTo(name, service) < 2 || seenOn.get(service)?.has(name))
        .map((view) => {
          const claim = claimsOn(view).get(service);
          const presence = toPresence(service, view.host, claim?.sighting);
          return { view, presence, isShared: claim?.isShared === true };
        });
      const running = found.filter(({ presence }) => presence.state === "running");
      const certain = running.filter(({ isShared }) => !isShared);
      const runsOn = (certain.length > 0 ? certain : running).map(({ view }) => view.host.name);
      return { found, runsOn };
    };
  };
}

/** Several services may be declared by the same name: it is whose home is there, else who may be moved there. */
function settleClaims(services: readonly Service[], host: string, resources: readonly Known[]): Claims {
  const seen = services.flatMap((service) => {
    const sighting = sight(service, resources);
    if (!sighting) return [];
    const things = [sighting.main, ...sighting.parts];
    return [{ service, sighting, things, distance: distanceTo(host, service) }];
  });
  const claimants = new Map<Known, typeof seen>();
  for (const one of seen)
    for (const thing of one.things) claimants.set(thing, [...(claimants.get(thing) ?? []), one]);
  return new Map(
    seen.flatMap((one): [Service, Claim][] => {
      const rivals = one.things
        .flatMap((thing) => claimants.get(thing) ?? [])
        .filter((other) => other !== one && other.distance <= one.distance);
      if (rivals.some(({ distance }) => distance < one.distance)) return [];
      return [[one.service, { sighting: one.sighting, isShared: rivals.length > 0 }]];
    }),
  );
}
