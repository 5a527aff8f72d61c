import { Refused, UsageError } from "../errors.ts";
import { type Plan, type Step, withPrefix } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import { aroundStop, isStopped } from "./around-stop.ts";
import { asideNames, type Brought, bringBeside } from "./bring-beside.ts";
import { type Copy, chooseCopy, listCopies } from "./copies.ts";
import type { Ground } from "./ground.ts";
import { byKeeper } from "./kept.ts";
import { findPlaces, type Place } from "./places.ts";
import { sayPutAside } from "./put-aside.ts";
import { orRefuse } from "./refusing.ts";
import { tryBrought } from "./restore-drill.ts";
import { hostOfData, targetOn } from "./restore-onto.ts";
import { findService, type Target } from "./target.ts";

export interface RestoreRequest {
  readonly verb: "restore";
  /** A service. */
  readonly name: string;
  /** The id of a copy, or a time: then the newest copy that is no younger. */
  readonly from?: string;
  /** Another host than where it is. */
  readonly to?: string;
  /** For a try: to scratch, and thrown away. */
  readonly drill?: boolean;
}

/**
 * Brings the data of a service back: beside the live data, verified, and then in its place by a rename that can be undone.
 * What was there before is kept.
 */
export function* planRestore(request: RestoreRequest, ground: Ground): Planning<Plan> {
  const { name, from, drill } = request;
  const found = findService(name, ground);
  const target = targetOn(found, request.to, ground);
  const { service, host } = target;
  if (!service || service.data.length === 0)
    throw new Refused(`${name} declares no data: there is nothing to restore.`);
  if (from === undefined)
    throw new UsageError(`Which copy of ${name}? Nothing is restored that nobody chose.`, {
      hint: `scrap backups ${name} lists them: scrap restore ${name} --from ID`,
    });
  const on = hostOfData(service, host);
  const listed = yield* listCopies(service, on, ground);
  const { copies, unknown, useless } = listed;
  if (copies.length === 0 && useless.length === 0)
    throw new Refused(`There is no copy of ${name} that ${on} can get at.`, {
      hint: unknown.join("\n") || undefined,
    });
  const copy = chooseCopy(listed, from, name, ground.now);
  const places = yield* findPlaces(service, host, ground);
  const restoring = { target, found, on, places };
  const made =
    copy.kind === "snapshot"
      ? yield* fromSnapshot(copy, restoring, drill === true, ground)
      : yield* fromBackup(copy, restoring, drill === true, ground);
  return {
    format: 1,
    id: ground.id,
    operation: "restore",
    madeAt: ground.now.toISOString(),
    services: [name],
    // Nobody starts it where it was while it comes to where it is wanted.
    hosts: [...new Set([host, found.host, on, ...hostsFrom(copy)])].sort(),
    basis: [],
    onFailure: "walk-back",
    ...made,
    notes: [
      ...unknown.map((why) => `there may be other copies: ${why}`),
      ...made.notes,
      ...(drill ? [] : yield* sayPutAside(places)),
    ],
  };
}

interface Restoring {
  readonly target: Target;
  /** Where the service was until now. */
  readonly found: Target;
  /** The host of its data. */
  readonly on: string;
  readonly places: readonly Place[];
}

type Worded = Pick<Plan, "title" | "steps" | "notes">;

const wordOf = ({ id, at }: Copy) => `${id} of ${at.toISOString().slice(0, 16).replace("T", " ")}`;

function* fromSnapshot(
  copy: Copy,
  { target, places }: Restoring,
  drill: boolean,
  ground: Ground,
): Planning<Worded> {
  if (drill) throw new Refused("A drill proves a backup: a snapshot is lost with its disk.");
  return {
    title: `Restore ${target.name} on ${target.host} from the snapshot ${wordOf(copy)}`,
    steps: yield* aroundStop(target, yield* putBack(places, copy, ground), ground),
    notes: [`What is there now is kept beside it as …_${asideNames(ground).aside}.`],
  };
}

function* fromBackup(
  copy: Extract<Copy, { kind: "backup" }>,
  { target, found, on, places }: Restoring,
  drill: boolean,
  ground: Ground,
): Planning<Worded> {
  const { name, host } = target;
  const brought = yield* bringBeside({ name, host: on }, places, copy, ground);
  if (!drill)
    return {
      title: `Restore ${name} on ${host} from ${wordOf(copy)}`,
      ...(yield* swapIn(brought, target, found, ground)),
    };
  return {
    title: `Try to restore ${name} on ${host} from ${wordOf(copy)}, and throw it away`,
    ...(yield* tryBrought(target, copy, brought, on, ground)),
  };
}

/** Whose copy it is, when it has to be there and held. */
const hostsFrom = (copy: Copy): readonly string[] =>
  copy.kind === "backup" && copy.store.at !== undefined ? [copy.store.at] : [];

/** A snapshot, in the place of the live data. */
function* putBack(places: readonly Place[], { id }: Copy, ground: Ground): Planning<readonly Step[]> {
  const steps: Step[] = [];
  for (const [index, { verbs, host, places: own }] of byKeeper(places).entries()) {
    const made = orRefuse(yield* verbs.putBack(own, host, id, asideNames(ground).aside));
    steps.push(...withPrefix(`data-${index + 1}`, made));
  }
  return steps;
}

/** What was brought beside the live data, in its place. */
function* swapIn(
  { besides, steps, notes }: Brought,
  target: Target,
  found: Target,
  ground: Ground,
): Planning<Pick<Plan, "steps" | "notes">> {
  const { name, host } = target;
  const isElsewhere = found.host !== host;
  const swap = besides.flatMap((beside) => beside.swap);
  const needs = isElsewhere ? yield* isStopped(found) : [];
  return {
    steps: [...steps, ...(yield* aroundStop(target, swap, ground, needs))],
    notes: [
      ...notes,
      ...besides
        .flatMap(({ kept }) => kept ?? [])
        .map((path) => `What is there now is kept as ${path} until you delete it.`),
      ...(isElsewhere
        ? [`${name} stays set up on ${found.host}: started there again, there would be two of it.`]
        : []),
      ...(target.main
        ? []
        : [`Nothing of ${name} is on ${host} yet: its data is put there, and nothing is started.`]),
    ],
  };
}
