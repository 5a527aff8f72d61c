import type { Snapshot } from "../backends/data-verbs.ts";
import { isWhyNot } from "../backends/verbs.ts";
import { Failure } from "../errors.ts";
import type { Data, Service } from "../inventory/service.ts";
import type { Planning } from "../plan/planning.ts";
import type { Ground } from "./ground.ts";
import { findPlaces, type Place } from "./places.ts";

/** A declared place, and what its tool lists of it now. */
export interface SnapshotsOf {
  readonly service: string;
  readonly place?: Data;
  readonly host?: string;
  readonly snapshots: readonly Snapshot[];
  /** Nobody can tell, or there can be none. */
  readonly whyNot?: string;
  readonly hint?: string;
}

/** Of one service, where it is looked after. What keeps us from seeing them is told, too. */
export function* listSnapshots(
  service: Service,
  ground: Pick<Ground, "backends" | "homelab">,
): Planning<readonly SnapshotsOf[]> {
  const { name } = service;
  const known = ground.homelab.services.find((each) => each.service.name === name);
  try {
    const found: SnapshotsOf[] = [];
    for (const place of yield* findPlaces(service, known?.host ?? service.home, ground, "unmounted"))
      found.push(yield* listAt(name, place));
    return found;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [{ service: name, snapshots: [], whyNot: error.message, ...hinted(error) }];
  }
}

function* listAt(service: string, { declared, keeper, host, folder }: Place): Planning<SnapshotsOf> {
  const about = { service, place: declared, host };
  if (!keeper)
    return {
      ...about,
      snapshots: [],
      whyNot: `The file system of ${folder} on ${host} cannot make snapshots of just that.`,
    };
  const listed = yield* keeper.verbs.listSnapshots([keeper.place], host);
  return isWhyNot(listed) ? { ...about, snapshots: [], ...listed } : { ...about, snapshots: listed };
}

const hinted = ({ hint }: Failure) => (hint === undefined ? {} : { hint });
