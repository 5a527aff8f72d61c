import { parseFiles } from "../../../command/answers.ts";
import type { Output } from "../../../command/command.ts";
import { toTagWord } from "../../../plan/snapshot-tag.ts";
import { known } from "../../known.ts";
import { expectExit, parseNumber } from "../../parse.ts";
import { defineProbe } from "../../probe.ts";

/** Where the jobs that we put on a host keep their records, for everybody to read. */
export const recordsFolder = "/var/lib/scrap-schedule";

/** So many runs of a job are remembered by its host. */
export const keptRuns = 20;

/** A job on a host's own schedule, as its records tell. */
export interface ScheduledJob {
  readonly name: string;
  readonly service: string;
  readonly what: string;
  readonly to?: string;
  readonly everyMs: number;
  /** The digest of what it was made from. */
  readonly declared: string;
  readonly since: string;
  /** The newest first. */
  readonly runs: readonly ScheduledRun[];
}

/** Times are RFC 3339, by the host's clock. */
export interface ScheduledRun {
  readonly id: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly exitCode: number;
  readonly message: string;
}

/** What a job tells of itself: a line of a file of its name. */
export const toRecord = (job: Omit<ScheduledJob, "name" | "runs">): string =>
  `${["1", job.service, job.what, job.to ?? "", job.everyMs, job.declared, job.since].join("\t")}\n`;

export const records = defineProbe({
  id: "schedule.records",
  question: { files: [`${recordsFolder}/*`], lines: keptRuns },
  freshMs: 120_000,
  sees: "what it does on its own schedule, and how that went",
  parse: toJobs,
});

function toJobs(output: Output): readonly ScheduledJob[] {
  const files = parseFiles(expectExit(output).stdout);
  return [...files].flatMap(([path, text]): ScheduledJob[] => {
    const job = parseRecord(path.slice(recordsFolder.length + 1), text);
    if (!job) return [];
    const { what, service } = job;
    return [{ ...job, runs: parseRuns(files.get(`${path}.runs`) ?? "", `${what}-${toTagWord(service)}`) }];
  });
}

/** Undefined for what is none of ours. */
function parseRecord(name: string, text: string): Omit<ScheduledJob, "runs"> | undefined {
  const [format, service = "", what = "", to = "", every, declared = "", since = ""] = toFields(
    text.split("\n")[0] ?? "",
  );
  const everyMs = parseNumber(every);
  const isWhole = format === "1" && everyMs !== undefined && !Number.isNaN(Date.parse(since));
  if (!isWhole || !/^[a-z0-9_-]+$/.test(name) || (what !== "snapshot" && what !== "backup")) return undefined;
  return known({ name, service, what, to: to === "" ? undefined : to, everyMs, declared, since });
}

/** `about`: what an id of such a run says between its time and its end. Any other may be that of somebody's operation. */
const parseRuns = (text: string, about: string): readonly ScheduledRun[] =>
  text.split("\n").flatMap((line): ScheduledRun[] => {
    const [id = "", started, ended, exit, message = ""] = toFields(line);
    const [startedAt, endedAt, exitCode] = [toTime(started), toTime(ended), parseNumber(exit)];
    const [time, end] = [id.slice(0, 14), id.slice(-5)];
    if (id !== `${time}${about}${end}` || !/^\d{8}-\d{4}-$/.test(time) || !/^-[a-z0-9]{4}$/.test(end))
      return [];
    if (startedAt === undefined || endedAt === undefined || exitCode === undefined) return [];
    return [{ id, startedAt, endedAt, exitCode, message }];
  });

/** Whoever writes there may have hidden something in it. */
const toFields = (line: string): readonly string[] =>
  line.split("\t").map((field) => field.replaceAll(/[\p{Cc}\p{Cf}]/gu, "�"));

/** Of seconds since 1970. */
function toTime(seconds: string | undefined): string | undefined {
  return seconds !== undefined && /^\d{1,11}$/.test(seconds)
    ? new Date(Number(seconds) * 1000).toISOString()
    : undefined;
}
