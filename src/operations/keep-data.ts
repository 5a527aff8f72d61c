import { Refused } from "../errors.ts";
import { type Step, withPrefix } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import { toSnapshotTag } from "../plan/snapshot-tag.ts";
import type { Ground } from "./ground.ts";
import { byKeeper, takeSnapshots } from "./kept.ts";
import { findPlaces, type Place } from "./places.ts";
import { orRefuse } from "./refusing.ts";
import type { Target } from "./target.ts";

/** How the data of a service outlives a version that spoils it. */
export interface KeptData {
  /** While it still runs. */
  readonly before: readonly Step[];
  /** While it is stopped. */
  readonly steps: readonly Step[];
  /** Once it runs again. */
  readonly after: readonly Step[];
  /** The end of a way back: the data as it was, when the service is stopped. What is there is put aside and kept. */
  readonly putBack: readonly Step[];
  readonly notes: readonly string[];
}

/** No data, or none that is kept. */
export const nothingKept: KeptData = { before: [], steps: [], after: [], putBack: [], notes: [] };

/** The tag of the snapshot that the operation `id` makes of a service that it stopped. */
const restingTag = (id: string, service: string): string => toSnapshotTag(id, service, "quiesced");

/**
 * A snapshot of all data of a service while it is stopped, and the way back to it. Throws `Refused` where there is data
 * of which none can be made.
 */
export function* keepData(
  target: Target & Required<Pick<Target, "service">>,
  ground: Ground,
): Planning<KeptData> {
  const { service, host } = target;
  const tag = restingTag(ground.id, service.name);
  const places = yield* findPlaces(service, host, ground);
  refuseUnkept(places, service.name);
  const kept = byKeeper(places);
  const { before, steps, after, notes } = yield* takeSnapshots(kept, tag);
  const putBack: Step[] = [];
  for (const [index, { host: on, verbs, places: of }] of kept.entries()) {
    const back = orRefuse(yield* verbs.putBack(of, on, tag, asideOf(ground.id), "later"));
    const keeps = of.map(({ name }) => `${name}_${asideOf(ground.id)} on ${on}`);
    putBack.push(
      ...withPrefix(`back-${verbs.kind}-${index + 1}`, back).map((step, at, all) => ({
        ...withoutUndo(step),
        ...(at === all.length - 1 ? { keeps } : {}),
      })),
    );
  }
  return {
    before,
    // It stays: a rollback with data leads back to it.
    steps: steps.map(withoutUndo),
    after,
    putBack,
    notes: [...notes, ...asideNotes(places, ground.id)],
  };
}

/** Puts the data back that an earlier operation kept. The way back undoes that. Throws `Refused` with why it cannot. */
export function* returnData(
  target: Target & Required<Pick<Target, "service">>,
  earlier: string,
  ground: Ground,
): Planning<KeptData> {
  const { service, host } = target;
  const tag = restingTag(earlier, service.name);
  const places = yield* findPlaces(service, host, ground);
  refuseUnkept(places, service.name);
  const steps: Step[] = [];
  for (const [index, { host: on, verbs, places: of }] of byKeeper(places).entries()) {
    const back = orRefuse(yield* verbs.putBack(of, on, tag, asideOf(ground.id)));
    steps.push(...withPrefix(`${verbs.kind}-${index + 1}`, back));
  }
  return {
    ...nothingKept,
    steps,
    notes: places.map(
      ({ folder, host: on }) =>
        `${folder} on ${on} becomes what it was before ${earlier}; what is in it now is kept beside it as …_${asideOf(ground.id)}.`,
    ),
  };
}

const asideOf = (id: string): string => `aside-${id}`;

const asideNotes = (places: readonly Place[], id: string): readonly string[] =>
  places.map(
    ({ folder, host }) =>
      `If it fails, ${folder} on ${host} becomes what it was, and what the new version made of it is kept beside it as …_${asideOf(id)}.`,
  );

function refuseUnkept(places: readonly Place[], service: string): void {
  const unkept = places.filter(({ keeper }) => keeper === undefined);
  if (unkept.length === 0) return;
  throw new Refused(
    `Of data of ${service} no snapshot can be made: ${unkept.map(({ declared, host }) => `${declared.kind} ${declared.name} on ${host}`).join(", ")}. What a new version does to it could not be taken back.`,
    {
      hint: `Make a backup (scrap backup ${service}), then say --no-snapshot: data is then left as the new version made it.`,
    },
  );
}

/** Nobody walks back from a way back. */
function withoutUndo({ undo: _, ...step }: Step): Step {
  return step as Step;
}
