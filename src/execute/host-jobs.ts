import type { Secrets } from "../command/command.ts";
import { UnreadableOutput } from "../errors.ts";
import type { Link } from "../transport/transport.ts";
import { type Lock, parseLock, say, script, toDate } from "./host-script.ts";
import { cancelScript, lookScript, prepareScript, submitScript, surveyScript } from "./job-scripts.ts";

const words = ["none", "claimed", "never", "running", "killed", "rebooted"] as const;

/** What a host says of a job; see `host-scripts.ts`. */
export type JobState =
  | { readonly word: (typeof words)[number] }
  /** `isChecked`: the host itself has seen what shows that it is done, before anything followed. */
  | { readonly word: "finished"; readonly exitCode: number; readonly isChecked?: true };

export interface JobLook {
  readonly state: JobState;
  /** What it said from the byte on that was asked for, and how many bytes that were. */
  readonly output: string;
  readonly outputBytes: number;
}

export interface JobRecord {
  readonly id: string;
  readonly operation: string;
  readonly owner: string;
  /** By the host's clock; undefined when the host's disk was too full to keep it. */
  readonly submittedAt?: Date;
  readonly state: JobState;
  /** The first line of its command. */
  readonly says: string;
}

/** So much of what a job said comes with one look. */
export const mostOutputAtOnce = 65_536;

// Long enough to spare journeys, short enough to hear that somebody wants it cancelled.
const pollTenths = 20;

const toJobId = (operation: string, step: string): string => `${operation}.${step}`;

export async function submitJob(
  link: Link,
  job: {
    readonly operation: string;
    readonly step: string;
    readonly owner: string;
    readonly text: string;
    readonly secrets?: Secrets;
  },
): Promise<JobLook> {
  const { operation, step, owner, text, secrets } = job;
  const submit = script("submit", submitScript, toJobId(operation, step), operation, owner, `${pollTenths}`);
  const input = { text: `\n${text}\n`, ...(secrets ? { secrets } : {}) };
  return parseLook(await say(link, { ...submit, input }));
}

/** A job that another one leads to. `check` shows that the next one may follow; the last has none. */
export interface PreparedJob {
  readonly step: string;
  readonly text: string;
  readonly check?: string;
  /** A text that it reads on its standard input: whole lines. */
  readonly input?: string;
}

/** Lays down jobs that follow one another by themselves once the first is submitted. Until then none of them begins. */
export async function prepareJobs(
  link: Link,
  operation: string,
  owner: string,
  jobs: readonly PreparedJob[],
): Promise<void> {
  const lines: string[] = [];
  const parts = jobs.flatMap(({ step, text, check, input }, index) => {
    const id = toJobId(operation, step);
    const following = jobs[index + 1];
    const put = (part: string, content: string | undefined): readonly string[] => {
      if (content === undefined) return [];
      const from = lines.length + 1;
      lines.push(...content.replace(/\n$/, "").split("\n"));
      return [`${id}/${part}`, `${from}`, `${lines.length}`];
    };
    return [
      // The first one is submitted with its command.
      ...put("command", index === 0 ? undefined : text),
      ...put("input", input),
      ...put("check", check),
      ...put("next", following && toJobId(operation, following.step)),
    ];
  });
  const prepare = script("prepare", prepareScript, operation, owner, ...parts);
  await say(link, { ...prepare, input: { text: `${lines.join("\n")}\n` } });
}

export async function lookAtJob(
  link: Link,
  operation: string,
  step: string,
  fromByte: number,
): Promise<JobLook> {
  return parseLook(
    await say(link, script("look", lookScript, toJobId(operation, step), `${fromByte}`, `${pollTenths}`)),
  );
}

export async function cancelJob(link: Link, operation: string, step: string): Promise<JobLook> {
  return parseLook(await say(link, script("cancel", cancelScript, toJobId(operation, step), operation)));
}

/** Who holds the host, and the jobs that it keeps a record of. */
export async function surveyHost(
  link: Link,
): Promise<{ readonly lock?: Lock; readonly jobs: readonly JobRecord[] }> {
  const lines = (await say(link, script("survey", surveyScript))).split("\n");
  const isHeld = lines[0] === "lock";
  const jobLines = isHeld ? lines.slice(6) : lines;
  const heads = jobLines.flatMap((line, at) => (/^job /.test(line) ? [at] : []));
  const jobs = heads.map((at) => parseJob(jobLines.slice(at, at + 5)));
  return { ...(isHeld ? { lock: parseLock(link.host, lines.slice(1)) } : {}), jobs };
}

function parseJob([job = "", ...about]: readonly string[]): JobRecord {
  const [, id = "", ...state] = job.split(" ");
  const [operation = "", owner = "", at = "", says = ""] = about.map((line) => line.replace(/^\w+ /, ""));
  const submittedAt = toDate(at);
  return {
    id,
    operation,
    owner,
    ...(submittedAt ? { submittedAt } : {}),
    state: parseState(state.join(" ")),
    says,
  };
}

function parseLook(stdout: string): JobLook {
  const [, state = "", bytes = "", output = ""] = /^(.*)\n(\d+)\n([\s\S]*)$/.exec(stdout) ?? [];
  return { state: parseState(state), output, outputBytes: Number(bytes) };
}

function parseState(text: string): JobState {
  const [word, code, checked] = text.split(" ");
  if (word === "finished" && /^\d+$/.test(code ?? ""))
    return { word, exitCode: Number(code), ...(checked === "checked" ? { isChecked: true } : {}) };
  const known = words.find((each) => each === word);
  if (known && known === text) return { word: known };
  throw new UnreadableOutput(`Not the state of a job: ${text.slice(0, 200)}`);
}
