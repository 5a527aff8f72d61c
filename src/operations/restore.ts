import type { Beside } from "../backends/data-verbs.ts";
import { Refused, UsageError } from "../errors.ts";
import { didYouMean } from "../inventory/nearest.ts";
import type { Service } from "../inventory/service.ts";
import { sight } from "../model/placement.ts";
import { type Check, type Plan, type Step, withPrefix } from "../plan/plan.ts";
import { askHost, type Planning } from "../plan/planning.ts";
import { type AsideNames, makeBeside } from "./beside.ts";
import { type Copy, chooseCopy, listCopies } from "./copies.ts";
import { planDrill } from "./drill.ts";
import type { Ground } from "./ground.ts";
import { healthGate } from "./health-gate.ts";
import { hookSteps } from "./hooks.ts";
import { byKeeper } from "./kept.ts";
import { findPlaces, type Place } from "./places.ts";
import { keepProof } from "./proofs.ts";
import { orRefuse } from "./refusing.ts";
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
  const target = targetOn(found, request, ground);
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
  const common = {
    format: 1,
    id: ground.id,
    operation: "restore",
    madeAt: ground.now.toISOString(),
    services: [name],
    // Nobody starts it where it was while it comes to where it is wanted.
    hosts: [...new Set([host, found.host, on, ...hostsFrom(copy)])].sort(),
    basis: [],
    onFailure: "walk-back",
  } as const;
  const what = `${copy.id} of ${copy.at.toISOString().slice(0, 16).replace("T", " ")}`;
  const notes = unknown.map((why) => `there may be other copies: ${why}`);
  if (copy.kind === "snapshot") {
    if (drill) throw new Refused("A drill proves a backup: a snapshot is lost with its disk.");
    return {
      ...common,
      title: `Restore ${name} on ${host} from the snapshot ${what}`,
      steps: yield* aroundStop(target, yield* putBack(places, copy, ground), ground),
      notes: [...notes, `What is there now is kept beside it as …_${asideNames(ground).aside}.`],
    };
  }
  const brought = yield* bringBeside({ name, host: on }, places, copy, ground);
  if (drill) {
    const tried = yield* planDrill(target, brought.besides, ground);
    const proof = keepProof(
      {
        service: name,
        repository: copy.store.repository.name,
        id: copy.id,
        at: ground.now.toISOString(),
        how: tried.isChecked ? "well" : "verified",
      },
      on,
    );
    return {
      ...common,
      title: `Try to restore ${name} on ${host} from ${what}, and throw it away`,
      steps: [
        ...brought.steps,
        ...tried.steps,
        { ...proof, commit: true },
        ...brought.besides
          .flatMap(({ discard }) => discard)
          .map((step): Step => ({ ...step, optional: true })),
      ],
      notes: [...notes, ...brought.notes, ...tried.notes],
    };
  }
  const kept = brought.besides.flatMap(({ kept }) => kept ?? []);
  return {
    ...common,
    title: `Restore ${name} on ${host} from ${what}`,
    steps: [
      ...brought.steps,
      ...(yield* aroundStop(
        target,
        brought.besides.flatMap(({ swap }) => swap),
        ground,
        found.host === host ? [] : yield* isStopped(found),
      )),
    ],
    notes: [
      ...notes,
      ...brought.notes,
      ...kept.map((path) => `What is there now is kept as ${path} until you delete it.`),
      ...(found.host === host
        ? []
        : [`${name} stays set up on ${found.host}: started there again, there would be two of it.`]),
      ...(target.main
        ? []
        : [`Nothing of ${name} is on ${host} yet: its data is put there, and nothing is started.`]),
    ],
  };
}

/** Whose copy it is, when it has to be there and held. */
const hostsFrom = (copy: Copy): readonly string[] =>
  copy.kind === "backup" && copy.store.at !== undefined ? [copy.store.at] : [];

/** The service as it is on the host where its data is to be. Throws `Refused` while it runs on another one. */
function targetOn(
  target: Target & { readonly known?: { readonly runsOn: readonly string[] } },
  { name, to }: RestoreRequest,
  { inventory, homelab, backends }: Ground,
): Target {
  if (to === undefined || to === target.host) return target;
  const host = inventory.hosts.get(to);
  if (!host) throw new UsageError(`No host is named ${to}${didYouMean(to, [...inventory.hosts.keys()])}`);
  if (host.protected) throw new Refused(`${to} is protected: it is never changed.`);
  const running = target.known?.runsOn.filter((other) => other !== to) ?? [];
  if (running.length > 0)
    throw new Refused(`${name} runs on ${running.join(" and ")}: two of it must never write at once.`, {
      hint: `scrap stop ${name}`,
    });
  if (homelab.hosts.some(({ name, state }) => name === to && state === "unreachable"))
    throw new Refused(`${to} is not reachable.`);
  const { main: _, backend: __, ...rest } = target;
  const main =
    target.service &&
    sight(
      target.service,
      homelab.resources.filter(({ host }) => host === to),
    )?.main;
  const backend = backends.find(({ id }) => id === main?.backend);
  return { ...rest, host: to, ...(main ? { main } : {}), ...(backend ? { backend } : {}) };
}

/** Where its data lies. Throws `Refused` where that is more than one host: what is swapped on one of them must be so on all. */
function hostOfData({ name, data }: Service, host: string): string {
  const [only = host, ...others] = [...new Set(data.map(({ on }) => on ?? host))];
  if (others.length === 0) return only;
  throw new Refused(
    `The data of ${name} lies on ${[only, ...others].join(" and ")}: it is not restored on several hosts at once.`,
  );
}

const asideNames = ({ id }: Ground): AsideNames => ({ mark: `restore_${id}`, aside: `before_${id}` });

function* bringBeside(
  { name, host }: Pick<Target, "name" | "host">,
  places: readonly Place[],
  { store, backup }: Extract<Copy, { kind: "backup" }>,
  ground: Ground,
): Planning<{
  readonly besides: readonly (Beside & { readonly place: Place })[];
  readonly steps: readonly Step[];
  readonly notes: readonly string[];
}> {
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

function* putBack(places: readonly Place[], { id }: Copy, ground: Ground): Planning<readonly Step[]> {
  const steps: Step[] = [];
  for (const [index, { verbs, host, places: own }] of byKeeper(places).entries()) {
    const made = orRefuse(yield* verbs.putBack(own, host, id, asideNames(ground).aside));
    steps.push(...withPrefix(`data-${index + 1}`, made));
  }
  return steps;
}

/** Stops it, changes its data, starts it, and sees that it is well: only then there is no way back any more. */
function* aroundStop(
  target: Target,
  change: readonly Step[],
  ground: Ground,
  needs: readonly Check[] = [],
): Planning<readonly Step[]> {
  const { main, backend, host } = target;
  if (!main || !backend?.lifecycle) {
    const last = change.at(-1);
    return last ? [...change.slice(0, -1), { ...last, commit: true }] : [];
  }
  const { lifecycle } = backend;
  const stop = orRefuse(yield* lifecycle.stop(main, host));
  const start = orRefuse(yield* lifecycle.start(main, host));
  return [
    ...hookSteps("beforeStop", target, ground),
    ...undoneBy(stop, withPrefix("undo", start)),
    ...change,
    ...undoneBy(start, withPrefix("undo", stop)).map(
      (step): Step => ({ ...step, needs: [...needs, ...(step.needs ?? [])] }),
    ),
    { ...healthGate("well", target, ground, { steadyMs: 3_000, timeoutMs: 60_000 }), commit: true },
    ...hookSteps("afterStart", target, ground),
  ];
}

/** How it is seen not to run where it was. */
function* isStopped({ main, backend, host }: Target): Planning<readonly Check[]> {
  if (!main || !backend?.lifecycle) return [];
  return orRefuse(yield* backend.lifecycle.stop(main, host)).flatMap(({ done }) => done ?? []);
}

/** The way back of all of them at the first: it is walked last. */
const undoneBy = ([first, ...others]: readonly Step[], undo: readonly Step[]): readonly Step[] =>
  first ? [{ ...first, undo: [...undo, ...(first.undo ?? [])] }, ...others] : [];
