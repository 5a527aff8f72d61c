import { records, type ScheduledJob, type ScheduledRun } from "../backends/backup/schedule/probes.ts";
import { answerOf } from "../backends/probe.ts";
import type { Finding } from "../backends/resource.ts";
import type { KnownBackups } from "./copies.ts";
import { type HostState, observationsOf } from "./state.ts";

/** A job that a host does without us, and when it told of it. */
export interface KnownJob extends ScheduledJob {
  readonly host: string;
  readonly seenAt: Date;
}

/** What a host has told of its own schedule. */
export function scheduledOn({ name: host, backends }: HostState): readonly KnownJob[] {
  const state = backends.get("schedule");
  const answer = state?.detection.present ? answerOf(observationsOf(state.answers).of(records)) : undefined;
  return (answer?.fact ?? []).map((job) => ({ ...job, host, seenAt: answer?.at ?? new Date(0) }));
}

export const lastGood = ({ runs }: Pick<ScheduledJob, "runs">): ScheduledRun | undefined =>
  runs.find(({ exitCode }) => exitCode === 0);

/** What hosts tell of the backups of a service that they made by themselves. */
export const backupsBySchedule = (service: string, hosts: readonly HostState[]): readonly KnownBackups[] =>
  hosts.flatMap(scheduledOn).flatMap((job) => {
    const good = lastGood(job);
    if (job.service !== service || job.what !== "backup" || job.to === undefined || !good) return [];
    return [{ repository: job.to, newest: { at: good.startedAt } }];
  });

/** Since when it is late: twice its period has gone by without a good run. Undefined while it is not. */
export function overdueSince(job: KnownJob): Date | undefined {
  const last = Date.parse(lastGood(job)?.startedAt ?? job.since);
  const due = last + 2 * job.everyMs;
  return job.seenAt.getTime() > due ? new Date(due) : undefined;
}

/** What is not well with what these hosts do for a service by themselves. */
export const scheduleFindings = (service: string, hosts: readonly HostState[]): readonly Finding[] =>
  hosts.flatMap(scheduledOn).flatMap((job) => (job.service === service ? findingsOf(job) : []));

function findingsOf(job: KnownJob): readonly Finding[] {
  const [last] = job.runs;
  const what = `its ${job.what}${job.to === undefined ? "" : ` to ${job.to}`}`;
  // Which says it, too.
  const of = `unit:scrap-${job.name}.service` as const;
  if (last && last.exitCode !== 0)
    return [
      {
        severity: "warning",
        message: `${what} by schedule failed: ${last.message}`,
        since: last.endedAt,
        of,
      },
    ];
  const since = overdueSince(job);
  if (!since) return [];
  const good = lastGood(job);
  const ago = good ? `the last good one was at ${toWords(good.startedAt)}` : "none went well so far";
  return [
    {
      severity: "warning",
      message: `${what} by schedule is overdue: ${ago}`,
      since: since.toISOString(),
      of,
    },
  ];
}

/** `2026-11-20T19:41:22Z` → `2026-11-20 19:41 UTC`. */
const toWords = (iso: string) => `${iso.slice(0, 16).replace("T", " ")} UTC`;
