import { toRecord } from "../backends/backup/schedule/probes.ts";
import type { KnownJob } from "../model/scheduled.ts";
import { type Plan, type Step, type UploadStep, withPrefix } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import { toTagWord } from "../plan/snapshot-tag.ts";
import { calendarOf } from "../schedule/calendar.ts";
import { type Job, jobsOf, sayJob, whoForgets, whyFromHere } from "../schedule/jobs.ts";
import { cronOf, recordOf, scriptOf, secretOf, serviceUnitOf, timerUnitOf } from "../schedule/places.ts";
import { sharedLine, toScript } from "../schedule/script.ts";
import { idOf } from "../schedule/shell.ts";
import { toCrontab, toServiceUnit, toTimerUnit } from "../schedule/units.ts";
import type { Ground } from "./ground.ts";
import { declaredJobs, scheduledFor } from "./scheduled.ts";
import { putSecret } from "./scheduled-secret.ts";
import { reloadSteps, timeKeeperOf, timerSteps } from "./scheduled-timer.ts";
import { wordWork } from "./scheduled-work.ts";
import { servicesMeant } from "./services-meant.ts";
import { removeSteps } from "./unschedule.ts";
import { writeFiles } from "./write-files.ts";

export interface ScheduleRequest {
  readonly verb: "schedule";
  readonly name: string;
  readonly names: readonly string[];
}

interface Part {
  readonly steps: readonly Step[];
  readonly basis: Plan["basis"];
  readonly notes: readonly string[];
}

/** Puts what services declare to be done again and again on their hosts, which then do it without us. */
export function* planSchedule({ names }: ScheduleRequest, ground: Ground): Planning<Plan> {
  const { inventory } = ground;
  // Of a host or a group, those that declare something.
  const meant = servicesMeant(names, inventory);
  const declaring = meant.filter((service) => jobsOf(service, inventory).length > 0);
  const services = meant.filter(
    (service) => declaring.length === 0 || declaring.includes(service) || names.includes(service.name),
  );
  const parts: Part[] = [];
  const gone: KnownJob[] = [];
  const notes: string[] = [];
  const silent = new Set<string>();
  for (const service of services) {
    const jobs = declaredJobs(service, inventory);
    const { jobs: own, unknown } = scheduledFor(service, ground);
    for (const host of unknown) silent.add(host);
    const there = new Set<string>();
    const able = jobs.filter((job) => whyFromHere(job, inventory) === undefined);
    // Where there is nothing else it says so itself.
    const meant = able.length > 0 || services.length > 1 ? able : jobs;
    for (const job of jobs) if (!meant.includes(job)) notes.push(`Left out: ${whyFromHere(job, inventory)}`);
    for (const job of meant) {
      const { part, host } = yield* planJob(job, own, ground);
      parts.push(part);
      there.add(`${host}/${job.name}`);
    }
    gone.push(...own.filter(({ host, name }) => !there.has(`${host}/${name}`)));
  }
  // What is declared no longer, or has moved to another host. Nothing leads back from that: last.
  for (const each of gone) parts.push({ steps: yield* removeSteps(each, ground), basis: [], notes: [] });
  const steps = parts.flatMap((part, index) => withPrefix(`${index + 1}`, part.steps));
  return {
    format: 1,
    id: ground.id,
    operation: "schedule",
    title: `Schedule what ${services.map(({ name }) => name).join(", ")} ${services.length === 1 ? "declares" : "declare"}`,
    madeAt: ground.now.toISOString(),
    services: services.map(({ name }) => name),
    hosts: [...new Set(steps.flatMap((step) => ("host" in step ? [step.host] : [])))].sort(),
    basis: parts.flatMap(({ basis }) => basis),
    onFailure: "walk-back",
    steps,
    notes: [
      ...notes,
      ...new Set(parts.flatMap(({ notes }) => notes)),
      ...[...silent].map(
        (host) => `What ${host} does by itself nobody knows: it did not tell, and goes on with it.`,
      ),
    ],
  };
}

function* planJob(
  job: Job,
  installed: readonly KnownJob[],
  ground: Ground,
): Planning<{ readonly part: Part; readonly host: string }> {
  const { name, service, what, to, everyMs, declared } = job;
  const forgets = whoForgets(job, ground.inventory);
  const work = yield* wordWork(job, ground);
  const { host } = work;
  const keeper = yield* timeKeeperOf(host);
  const before = installed.find((each) => each.name === name && each.host === host);
  // Said anew of the same thing, it would be another file each time.
  const since = before?.declared === declared ? before.since : ground.now.toISOString();
  const record = {
    service: service.name,
    what,
    everyMs,
    declared,
    since,
    ...(to === undefined ? {} : { to }),
  };
  const calendar = calendarOf(everyMs, name);
  const wording = { id: idOf(what, toTagWord(service.name)), secretFile: () => secretOf(name) };
  const file = (path: string, text: string, mode?: string) => ({
    name: path,
    path,
    text,
    isMade: true as const,
    ...(mode ? { mode } : {}),
  });
  const isSystemd = keeper === "systemd";
  const when = isSystemd
    ? [file(serviceUnitOf(name), toServiceUnit(job)), file(timerUnitOf(name), toTimerUnit(job, calendar))]
    : [file(cronOf(name), toCrontab(job, calendar))];
  const files = [
    file(scriptOf(name), toScript(work, wording), "0700"),
    file(recordOf(name), toRecord(record)),
    ...when,
  ];
  const writing = yield* writeFiles({ files }, [], undefined, host);
  const units = writing.changed.filter((path) => path.startsWith("/etc/systemd/"));
  const [secret] = work.secrets;
  const secrets = secret === undefined ? [] : yield* putSecret(secret, secretOf(name), host);
  const timer = isSystemd ? yield* timerSteps(job, host, units.includes(timerUnitOf(name))) : [];
  const shown = writing.steps.map(withoutShared);
  const writes = units.length > 0 ? reloadSteps(host, shown) : shown;
  const notes = [
    ...work.notes,
    `The ${sayJob(job)} of ${service.name} runs on ${host} at ${isSystemd ? calendar.systemd : calendar.cron}, by the clock of ${host}${isSystemd ? "" : " and its cron: what is due while it is off is left out"}.`,
    ...(forgets === undefined ? [] : [`${toSentence(forgets)}.`]),
    ...(secret === undefined
      ? []
      : [
          `The password of ${to} lies on ${host} in ${secretOf(name)}, for root alone: whoever is root there can open the repository${
            ground.inventory.repositories.get(to ?? "")?.appendOnly
              ? ""
              : ", and unless its server forbids it delete from it"
          }.`,
        ]),
  ];
  const steps = [...secrets, ...writes, ...timer];
  return { host, part: { steps, basis: writing.basis, notes: steps.length === 0 ? [] : notes } };
}

const toSentence = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);

/** What every script of a schedule says alike would bury what this one does. The plan holds all of it, and `--json` shows it. */
function withoutShared(step: UploadStep): UploadStep {
  const { diff = [] } = step;
  const at = diff.indexOf(`+${sharedLine}`);
  const rest = diff.length - at;
  if (at < 0 || rest < 20) return step;
  return {
    ...step,
    diff: [...diff.slice(0, at), `… ${rest} lines more, as in each script of a schedule: --json`],
  };
}
