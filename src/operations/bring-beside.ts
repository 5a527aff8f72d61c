import type { Beside } from "../backends/data-verbs.ts";
import { Refused } from "../errors.ts";
import { type Step, withPrefix } from "../plan/plan.ts";
import { askHost, type Planning } from "../plan/planning.ts";
import { type AsideNames, makeBeside } from "./beside.ts";
import type { Copy } from "./copies.ts";
import type { Ground } from "./ground.ts";
import type { Place } from "./places.ts";
import type { Target } from "./target.ts";

/** A backup, brought beside the live data and verified there. */
export interface Brought {
  /** What was made to be filled, for each place that the backup has. */
  readonly besides: readonly (Beside & { readonly place: Place })[];
  readonly steps: readonly Step[];
  readonly notes: readonly string[];
}

export const asideNames = ({ id }: Ground): AsideNames => ({
  mark: `restore_${id}`,
  aside: `before_${id}`,
});

/** Throws `Refused` where it holds what is not declared, or there is no room for it. */
export function* bringBeside(
  { name, host }: Pick<Target, "name" | "host">,
  places: readonly Place[],
  { store, backup }: Extract<Copy, { kind: "backup" }>,
  ground: Ground,
): Planning<Brought> {
  const isOf = ({ declared }: Place, { kind, name }: { readonly kind: string; readonly name: string }) =>
    declared.kind === kind && declared.name === name;
  const stranger = backup.places.find((stored) => !places.some((place) => isOf(place, stored)));
  if (stranger)
    throw new Refused(
      `${backup.id} holds ${stranger.kind} ${stranger.name}, which ${name} does not declare.`,
      {
        hint: "It has to be declared where it is to be put.",
      },
    );
  const sizeBytes = backup.sizeBytes ?? (yield* store.sizeOf(host, backup.id));
  if (typeof sizeBytes !== "number") throw new Refused(sizeBytes.whyNot, { hint: sizeBytes.hint });
  const besides: (Beside & { readonly place: Place })[] = [];
  const wanted: (Beside | undefined)[] = [];
  for (const [index, stored] of backup.places.entries()) {
    const place = places.find((each) => isOf(each, stored));
    wanted[index] = undefined;
    if (!place) continue;
    yield* expectRoom(place, sizeBytes);
    const prefix = `place-${index + 1}`;
    const made = yield* makeBeside(place, asideNames(ground));
    const beside = {
      ...made,
      make: withPrefix(prefix, made.make),
      swap: withPrefix(prefix, made.swap),
      discard: withPrefix(prefix, made.discard),
      place,
    };
    besides.push(beside);
    wanted[index] = beside;
  }
  const root = `/run/scrap/restore-${ground.id}`;
  const restored = (yield* store.bring({ host, backup, besides: wanted, root }))
    // What came into it goes with it.
    .map(
      (step): Step => ({
        ...step,
        undo: [
          ...withPrefix(
            `undo-${step.id}`,
            besides.flatMap(({ discard }) => discard),
          ),
        ],
      }),
    );
  const missing = places.filter((place) => !backup.places.some((stored) => isOf(place, stored)));
  return {
    besides,
    steps: [...besides.flatMap(({ make }) => make), ...restored],
    notes: missing.map(
      ({ declared }) => `${backup.id} has nothing of ${declared.kind} ${declared.name}: that stays as it is.`,
    ),
  };
}

/** A tenth more than what is written. Throws `Refused`. */
function* expectRoom({ folder, host }: Place, sizeBytes: number): Planning<void> {
  const parent = folder.slice(0, folder.lastIndexOf("/")) || "/";
  const { stdout } = yield* askHost(host, { argv: ["df", "-P", "-k", "--", parent] });
  const freeKib = Number(/\s(\d+)\s+\d+%\s/.exec(stdout.split("\n")[1] ?? "")?.[1]);
  if (Number.isNaN(freeKib))
    throw new Refused(`Nobody knows how much room there is in ${parent} on ${host}.`);
  const neededKib = Math.ceil((sizeBytes * 1.1) / 1024);
  if (freeKib < neededKib)
    throw new Refused(
      `There is no room beside ${folder} on ${host}: ${Math.floor(freeKib / 1024)} MiB are free, and it takes ${Math.ceil(neededKib / 1024)} MiB.`,
    );
}
