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
  readonly found: readonly { readonly view: HostView; readonly presence: Presence }[];
  /** The hosts where it runs. */
  readonly runsOn: readonly string[];
}

export interface Locator {
  /** Its candidates, its home first, then the others where it is seen running, or was before they fell silent. */
  readonly viewsOf: (service: Service, views: Views) => readonly HostView[];
  readonly find: (service: Service, views: readonly HostView[]) => Whereabouts;
}

export type Views = ReadonlyMap<string, HostView>;

export const candidatesOf = ({ home, failover, replica }: Service): readonly string[] => [
  ...new Set([home, ...(failover?.to ?? []), ...(replica ? [replica.on] : [])]),
];

/** A unit of that name may be another service's: then it is shared, and says less. */
interface Claim {
  readonly sighting: Sighting;
  readonly isShared: boolean;
}

type Claims = ReadonlyMap<Service, Claim>;

/** Finds services on hosts. What was seen of a host is matched once, with all of them. */
export function createLocator(services: readonly Service[]): Locator {
  const claims = new WeakMap<readonly Known[], Claims>();
  const claimsOn = ({ host, resources }: HostView): Claims => {
    const settled = claims.get(resources) ?? settleClaims(services, host.name, resources);
    claims.set(resources, settled);
    return settled;
  };

  const seen = new WeakMap<Views, ReadonlyMap<Service, readonly string[]>>();
  const seenIn = (views: Views): ReadonlyMap<Service, readonly string[]> => {
    const known = seen.get(views);
    if (known) return known;
    const hosts = new Map<Service, string[]>();
    for (const view of views.values())
      for (const [service, { sighting }] of claimsOn(view))
        if (sighting.state === "running") hosts.set(service, [...(hosts.get(service) ?? []), view.host.name]);
    seen.set(views, hosts);
    return hosts;
  };

  return {
    viewsOf: (service, views) => {
      const names = candidatesOf(service);
      const others = seenIn(views)
        .get(service)
        ?.filter((name) => !names.includes(name));
      return [...names, ...(others ?? [])].flatMap((name) => views.get(name) ?? []);
    },
    find: (service, views) => {
      const found = views.map((view) => {
        const claim = claimsOn(view).get(service);
        const presence = toPresence(service, view.host, claim?.sighting);
        return { view, presence, isShared: claim?.isShared === true };
      });
      const running = found.filter(({ presence }) => presence.state === "running");
      const names = candidatesOf(service);
      const isMeant = ({ view, isShared, presence }: (typeof running)[number]) =>
        !isShared &&
        // A unit of the distribution, such as its nginx, is on many a host without being this service.
        (names.includes(view.host.name) || !("main" in presence && presence.main.background));
      const certain = running.filter(isMeant);
      const runsOn = (certain.length > 0 ? certain : running).map(({ view }) => view.host.name);
      return { found, runsOn };
    },
  };
}

/** 0 it is at home there, 1 it may be moved there, 2 nobody said so. */
function distanceTo(host: string, service: Service): 0 | 1 | 2 {
  if (service.home === host) return 0;
  return candidatesOf(service).includes(host) ? 1 : 2;
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
