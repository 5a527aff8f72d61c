import type { DataVerbs } from "../backends/data-verbs.ts";
import { Refused } from "../errors.ts";
import type { Service } from "../inventory/service.ts";
import { type Check, type RunStep, type Step, withPrefix } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import { toTagWord } from "../plan/snapshot-tag.ts";
import { type Job, sayJob } from "../schedule/jobs.ts";
import type { Pruning, Work } from "../schedule/script.ts";
import { goneTag, idOf } from "../schedule/shell.ts";
import { planBackup } from "./backup.ts";
import type { Ground } from "./ground.ts";
import { type Kept, keptBy } from "./kept.ts";
import { findPlaces } from "./places.ts";
import { orRefuse } from "./refusing.ts";
import { storeOf } from "./repositories.ts";
import { snapshotNow } from "./snapshot.ts";
import { findService } from "./target.ts";

/** Words what a job does: the steps of the operation that does it from here, under an id that its host fills in. */
export function* wordWork(job: Job, real: Ground): Planning<Work> {
  const { service } = job;
  const ground = { ...real, id: idOf(job.what, toTagWord(service.name)) };
  const ways: Work["ways"][number][] = [];
  const notes: string[] = [];
  // Whether it runs at that moment nobody knows now: what does not run is not stopped, and not started either.
  if (service.snapshots?.while === "stopped" && service.data.length > 0) {
    const running = asIf(service, "runs", ground);
    const part = yield* wordSteps(job, running);
    ways.push({ when: whenRuns(service, running), steps: part.steps });
    notes.push(...part.notes);
  }
  const part = yield* wordSteps(job, ways.length > 0 ? asIf(service, "is stopped", ground) : ground);
  ways.push({ when: [], steps: part.steps });
  if (ways.length === 1) notes.push(...part.notes);
  const prune = job.what === "snapshot" ? yield* wordPruning(service, ground) : undefined;
  const all = [
    ...ways.flatMap(({ steps }) => steps),
    ...(prune ? [...prune.before, ...prune.listings, ...prune.destroy, ...prune.after] : []),
  ];
  if (job.what === "snapshot" && !prune)
    notes.push(`${service.name} does not say how many snapshots are kept: none is destroyed.`);
  if (all.some((step) => step.kind === "wait" && step.until.some(({ kind }) => kind === "reach")))
    notes.push(
      `Whether ${service.name} answers over the network its host does not ask when it was started again.`,
    );
  return { job, host: hostOf(job, all), ways, secrets: secretsOf(all), notes, ...(prune ? { prune } : {}) };
}

function* wordSteps(
  { service: { name }, what, to }: Job,
  ground: Ground,
): Planning<{ readonly steps: readonly Step[]; readonly notes: readonly string[] }> {
  if (what === "backup" && to !== undefined) {
    if (storeOf(to, ground).base)
      throw new Refused(
        `${to} gets what changed since the last time: no host finds that out by itself yet, so that it is not put on a schedule.`,
        {
          hint: `From here it is made by: scrap backup ${name} --to ${to}`,
        },
      );
    return yield* planBackup({ verb: "backup", name, to }, ground);
  }
  const target = findService(name, ground);
  const kept = keptBy(
    yield* findPlaces(target.service, target.host, ground, "unmounted"),
    target.service,
    ground,
  );
  return yield* snapshotNow(target, kept, ground);
}

/** The same ground, on which a service runs, or does not. */
function asIf(service: Service, how: "runs" | "is stopped", ground: Ground): Ground {
  const services = ground.homelab.services.map((known) =>
    known.service.name === service.name ? { ...known, runsOn: how === "runs" ? [known.host] : [] } : known,
  );
  return { ...ground, homelab: { ...ground.homelab, services } };
}

function whenRuns(service: Service, ground: Ground): readonly Check[] {
  const { main, backend, host } = findService(service.name, ground);
  const checks = main && backend?.lifecycle ? backend.lifecycle.isRunning(main, host) : [];
  if (checks.length === 0) throw new Refused(`Nothing would show whether ${service.name} runs on ${host}.`);
  return checks;
}

function* wordPruning(service: Service, ground: Ground): Planning<Pruning | undefined> {
  const keep = service.snapshots?.keep;
  if (!keep) return undefined;
  const { host } = findService(service.name, ground);
  const kept = keptBy(yield* findPlaces(service, host, ground, "unmounted"), service, ground);
  const parts: Omit<Pruning, "keep" | "places">[] = [];
  for (const [index, one] of kept.entries())
    parts.push(yield* wordPart(one, `${one.verbs.kind}-${index + 1}`));
  return {
    keep,
    places: kept.reduce((sum, { places }) => sum + places.length, 0),
    before: parts.flatMap(({ before }) => before),
    listings: parts.flatMap(({ listings }) => listings),
    destroy: parts.flatMap(({ destroy }) => destroy),
    after: parts.flatMap(({ after }) => after),
  };
}

function* wordPart(
  { verbs, host, places }: Kept,
  prefix: string,
): Planning<Omit<Pruning, "keep" | "places">> {
  const listing = orRefuse(yield* verbs.tags(places, host));
  const gone = orRefuse(yield* verbs.destroySnapshots(places, host, [goneTag], "planned"));
  const list: RunStep = {
    kind: "run",
    id: "list",
    title: `List the snapshots of ${sayPlaces(places)}`,
    effect: "reads",
    host,
    command: listing.command,
    timeoutMs: 60_000,
  };
  return {
    before: withPrefix(prefix, listing.before),
    listings: withPrefix(prefix, [list]),
    // Of several places not each has it.
    destroy: withPrefix(prefix, gone),
    after: withPrefix(prefix, listing.after),
  };
}

const sayPlaces = (places: Parameters<DataVerbs["tags"]>[0]) => places.map(({ name }) => name).join(" and ");

/** The one host that does all of it. Throws `Refused` where more than one has to: no host reaches into another. */
function hostOf(job: Job, steps: readonly Step[]): string {
  const hosts = [...new Set(steps.flatMap(hostsIn))];
  const [host] = hosts;
  if (host !== undefined && hosts.length === 1) return host;
  throw new Refused(
    `The ${sayJob(job)} of ${job.service.name} has to do with ${hosts.sort().join(" and ")}: no host can do it alone.`,
    {
      hint: "Its data, its hooks and what is stopped for it have to be on one host. From here, scrap does it.",
    },
  );
}

const hostsIn = (step: Step): readonly string[] => [
  ...("host" in step ? [step.host] : []),
  ...(step.kind === "transfer" ? [step.from.host] : []),
  ...[...(step.needs ?? []), ...(step.done ? [step.done] : [])].map(({ host }) => host),
  ...(step.kind === "wait"
    ? step.until.filter(({ kind }) => kind === "command").map(({ host }) => host)
    : []),
  ...(step.undo ?? []).flatMap(hostsIn),
];

function secretsOf(steps: readonly Step[]): readonly string[] {
  const found = steps.flatMap((step): readonly string[] => [
    ...(step.kind === "run" ? Object.values(step.secrets ?? {}) : []),
    ...[step.done, ...(step.needs ?? [])].flatMap((check) =>
      check?.kind === "command" && check.command.input && "secret" in check.command.input
        ? [check.command.input.secret]
        : [],
    ),
    ...secretsOf(step.undo ?? []),
  ]);
  return [...new Set(found)];
}
