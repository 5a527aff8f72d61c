import type { Inventory } from "../inventory/inventory.ts";
import type { Known } from "../model/resources.ts";
import { type KnownJob, overdueSince } from "../model/scheduled.ts";
import { hostsAround, servicesAsked } from "../operations/services-meant.ts";
import { type Job, jobsOf, sayJob, whoForgets, whyFromHere } from "../schedule/jobs.ts";
import { toAge, toDue, toSpan } from "../words.ts";
import type { Context } from "./context.ts";
import { exitCodeOf } from "./exit-code.ts";
import type { ReadOptions } from "./options.ts";
import { printDocument, toFormat } from "./output.ts";
import { seeRuns } from "./see-runs.ts";
import { type Column, drawTable } from "./table.ts";

interface Row {
  readonly service: string;
  readonly what: string;
  readonly everyMs?: number;
  readonly job?: KnownJob;
  readonly next?: string;
  readonly state:
    | "ok"
    | "not installed"
    | "differs"
    | "not declared"
    | "failed"
    | "overdue"
    | "has not run yet"
    | "made from here"
    | "unknown";
  /** What is not well, for people. */
  readonly problem?: string;
  /** What it does not do, and who does. */
  readonly note?: string;
}

/** `scrap schedule status [SERVICE…]`. Resolves with 1 where something declared is not done, or not as it is declared, with 3 where a host is away. */
export async function schedules(
  context: Context,
  names: readonly string[],
  options: ReadOptions,
): Promise<number> {
  const inventory = await context.loadInventory({ ...options, orThisMachine: true });
  const services = servicesAsked(names, inventory, (service) => jobsOf(service, inventory).length > 0);
  const session = await context.open(inventory, options);
  try {
    const around = new Set(services.flatMap((service) => hostsAround(service, inventory)));
    // What is there of services that declare nothing any more is to be seen, too.
    const hosts = names.length > 0 ? [...around] : [...inventory.hosts.keys()];
    await session.once(hosts, options.timeout * 1000, ({ id }) => id === "schedule" || id === "systemd");
    const homelab = session.read(hosts);
    await seeRuns(homelab.hosts, context, options);
    const jobs = homelab.hosts.flatMap(({ scheduled = [] }) => scheduled);
    const away = homelab.hosts.filter(({ seenAt }) => seenAt === undefined).map(({ name }) => name);
    const wanted = new Set(services.map(({ name }) => name));
    const declared = services.flatMap((service) => jobsOf(service, inventory));
    const rows = [
      ...declared.flatMap((job) => toRows(job, jobs, away, homelab.resources, inventory)),
      ...jobs
        .filter(
          ({ service, name }) =>
            (names.length === 0 || wanted.has(service)) && !declared.some((job) => job.name === name),
        )
        .map((job): Row => toUndeclared(job, homelab.resources)),
    ];
    await print(rows, context, options);
    return exitCodeOf(
      homelab.hosts,
      rows.map(({ problem }) => (problem === undefined ? "ok" : "degraded")),
    );
  } finally {
    await session.close();
  }
}

function toRows(
  job: Job,
  jobs: readonly KnownJob[],
  away: readonly string[],
  resources: readonly Known[],
  inventory: Inventory,
): readonly Row[] {
  const { name } = job.service;
  const common = { service: name, what: sayJob(job), everyMs: job.everyMs };
  const there = jobs.filter((each) => each.name === job.name && each.service === name);
  const blind = hostsAround(job.service, inventory).filter((host) => away.includes(host));
  const fromHere = whyFromHere(job, inventory);
  if (there.length === 0 && fromHere !== undefined)
    return [{ ...common, state: "made from here", note: fromHere }];
  if (there.length === 0)
    return [
      blind.length > 0
        ? { ...common, state: "unknown", problem: `${blind.join(" and ")} cannot be asked` }
        : { ...common, state: "not installed", problem: `scrap schedule install ${name}` },
    ];
  const note = whoForgets(job, inventory);
  return there.map((found): Row => {
    const next = nextOf(found, resources);
    return {
      ...common,
      ...(note === undefined ? {} : { note }),
      job: found,
      ...(next === undefined ? {} : { next }),
      ...judge(job, found),
    };
  });
}

function judge(job: Job, found: KnownJob): Pick<Row, "state" | "problem"> {
  const [last] = found.runs;
  if (last && last.exitCode !== 0) return { state: "failed", problem: last.message };
  if (overdueSince(found))
    return { state: "overdue", problem: "twice its time has gone by without a good run" };
  if (found.declared !== job.declared)
    return {
      state: "differs",
      problem: `the inventory says something else by now: scrap schedule install ${job.service.name}`,
    };
  return { state: last ? "ok" : "has not run yet" };
}

function toUndeclared(job: KnownJob, resources: readonly Known[]): Row {
  const next = nextOf(job, resources);
  return {
    service: job.service,
    what: job.to === undefined ? job.what : `${job.what} to ${job.to}`,
    everyMs: job.everyMs,
    job,
    ...(next === undefined ? {} : { next }),
    state: "not declared",
    problem: `${job.host} does it, and the inventory does not say so any more: scrap schedule remove ${job.service}, or install`,
  };
}

/** Where systemd keeps the time. */
function nextOf({ host, name }: KnownJob, resources: readonly Known[]): string | undefined {
  const timer = resources.find(
    (each) => each.kind === "timer" && each.host === host && each.name === `scrap-${name}.timer`,
  );
  return timer?.kind === "timer" ? timer.details.next : undefined;
}

async function print(rows: readonly Row[], context: Context, options: ReadOptions): Promise<void> {
  const format = toFormat(options);
  const now = new Date();
  if (format === "json" || format === "yaml")
    return context.print(await printDocument({ version: 1, schedules: rows.map(toDocument) }, format));
  if (format === "name") {
    for (const { service, what } of rows) context.print(`${service} ${what}`);
    return;
  }
  const columns: readonly Column<Row>[] = [
    { title: "SERVICE", cell: ({ service }) => service, essential: true },
    { title: "WHAT", cell: ({ what }) => what, essential: true },
    { title: "EVERY", cell: ({ everyMs }) => (everyMs === undefined ? "" : toSpan(everyMs)) },
    { title: "HOST", cell: ({ job }) => job?.host ?? "" },
    { title: "LAST", cell: ({ job }) => (job ? toAge(lastOf(job), now) : "") },
    { title: "NEXT", cell: ({ next }) => (next === undefined ? "" : toDue(new Date(next), now)) },
    { title: "STATE", cell: ({ state }) => state, essential: true },
  ];
  if (rows.length === 0) context.print("No service declares snapshots or backups.");
  else context.print(drawTable(rows, columns, context.style));
  for (const { service, what, problem } of rows)
    if (problem !== undefined) context.print(`! ${service}, ${what}: ${problem}`);
  for (const { service, what, note } of rows)
    if (note !== undefined) context.print(context.style.muted(`  ${service}, ${what}: ${note}`));
}

const lastOf = ({ runs: [last] }: KnownJob) => (last ? new Date(last.endedAt) : undefined);

const toDocument = ({ service, what, everyMs, job, next, state, problem, note }: Row) => ({
  service,
  what,
  everyMs,
  host: job?.host ?? null,
  state,
  last: job?.runs[0] ?? null,
  lastGood: job?.runs.find(({ exitCode }) => exitCode === 0) ?? null,
  next: next ?? null,
  isOverdue: job ? overdueSince(job) !== undefined : false,
  problem,
  note,
});
