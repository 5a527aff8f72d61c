import { isWhyNot, type Steps, type WhyNot } from "../backends/verbs.ts";
import { Refused } from "../errors.ts";
import type { Step } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import { toSnapshotTag } from "../plan/snapshot-tag.ts";
import type { Ground } from "./ground.ts";
import { byKeeper, findPlaces, type Place } from "./places.ts";
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
  const kept = {
    before: [] as Step[],
    steps: [] as Step[],
    after: [] as Step[],
    putBack: [] as Step[],
    notes: [] as string[],
  };
  for (const { on, verbs, of } of groupsOf(places)) {
    const snapshot = orRefuse(yield* verbs.snapshot(of, on, tag));
    const back = orRefuse((yield* verbs.putBack(of, on, tag, asideOf(ground.id), "later")) as Steps);
    const prefix = `${verbs.kind}-${on}`.toLowerCase().replaceAll(/[^a-z0-9-]/g, "-");
    kept.before.push(...renamed(snapshot.before, prefix));
    kept.steps.push(...renamed(snapshot.steps, prefix));
    kept.after.push(...renamed(snapshot.after, prefix));
    const names = of.map(({ name }) => `${name}_${asideOf(ground.id)} on ${on}`);
    kept.putBack.push(
      ...renamed(back as readonly Step[], `back-${prefix}`).map((step, index, all) => ({
        ...withoutUndo(step),
        ...(index === all.length - 1 ? { keeps: names } : {}),
      })),
    );
    kept.notes.push(...snapshot.notes);
  }
  return { ...kept, notes: [...kept.notes, ...asideNotes(places, ground.id)] };
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
  for (const { on, verbs, of } of groupsOf(places)) {
    const back = orRefuse(
      (yield* verbs.putBack(of, on, tag, asideOf(ground.id))) as Steps,
    ) as readonly Step[];
    steps.push(...renamed(back, `${verbs.kind}-${on}`.toLowerCase().replaceAll(/[^a-z0-9-]/g, "-")));
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

/** Of one host and one tool each. */
function groupsOf(places: readonly Place[]) {
  const hosts = [...new Set(places.map(({ host }) => host))];
  return hosts.flatMap((on) =>
    byKeeper(places.filter(({ host }) => host === on)).map(({ verbs, places: of }) => ({ on, verbs, of })),
  );
}

const renamed = (steps: readonly Step[], prefix: string): readonly Step[] =>
  steps.map((step) => ({
    ...step,
    id: `${prefix}-${step.id}`,
    ...(step.undo ? { undo: renamed(step.undo, prefix) } : {}),
  }));

/** Nobody walks back from a way back. */
function withoutUndo({ undo: _, ...step }: Step): Step {
  return step as Step;
}

function orRefuse<Answer extends object>(answer: Answer | WhyNot): Answer {
  if (isWhyNot(answer)) throw new Refused(answer.whyNot, { hint: answer.hint });
  return answer;
}
