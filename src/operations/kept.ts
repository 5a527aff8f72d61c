import type { DataVerbs } from "../backends/data-verbs.ts";
import { Refused } from "../errors.ts";
import type { Data, Service } from "../inventory/service.ts";
import type { Planning } from "../plan/planning.ts";
import type { Ground } from "./ground.ts";
import { byKeeper, findPlaces, type Place } from "./places.ts";

/** Places of a service that one tool keeps on one host. */
export interface Kept {
  readonly host: string;
  readonly verbs: DataVerbs;
  readonly places: readonly Data[];
}

/** As `findPlaces`; but what its tool finds by its name need not be mounted. */
export function* findKeepers(
  service: Service,
  host: string,
  ground: Pick<Ground, "backends">,
): Planning<readonly Place[]> {
  const places: Place[] = [];
  for (const declared of service.data) {
    const verbs = ground.backends
      .flatMap(({ data }) => data ?? [])
      .find(({ kind }) => kind === declared.kind);
    if (verbs)
      places.push({
        declared,
        host: declared.on ?? host,
        folder: declared.name,
        keeper: { verbs, place: declared },
      });
    else places.push(...(yield* findPlaces({ ...service, data: [declared] }, host, ground)));
  }
  return places;
}

/** All places of a service. Throws `Refused` when there is none, or one of which no snapshot can be made. */
export function keptBy(
  places: readonly Place[],
  { name }: Service,
  { inventory }: Pick<Ground, "inventory">,
): readonly Kept[] {
  if (places.length === 0)
    throw new Refused(`${name} declares no data.`, {
      hint: `The inventory has a place for it: services › ${name} › data.`,
    });
  for (const { keeper, folder, host } of places) {
    if (!keeper)
      throw new Refused(`The file system of ${folder} on ${host} cannot make snapshots of just that.`, {
        hint: `A backup tool copies it: scrap backup ${name}.`,
      });
    if (inventory.hosts.get(host)?.protected) throw new Refused(`${host} is protected: it is never changed.`);
  }
  const hosts = [...new Set(places.map(({ host }) => host))];
  return hosts.flatMap((host) =>
    byKeeper(places.filter((place) => place.host === host)).map((kept) => ({ host, ...kept })),
  );
}
