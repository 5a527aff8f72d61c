import type { Command, Output, Secrets } from "../command/command.ts";
import { CommandFailed, Refused, UnreadableOutput } from "../errors.ts";
import type { Link } from "../transport/transport.ts";
import { toOneLine } from "../words.ts";
import {
  cancelScript,
  hostFolder,
  lockedExitCode,
  lockScript,
  lookScript,
  putBackScript,
  submitScript,
  surveyScript,
  unlockScript,
  uploadScript,
} from "./host-scripts.ts";

const words = ["none", "claimed", "never", "running", "killed", "rebooted"] as const;

/** What a host says of a job; see `host-scripts.ts`. */
export type JobState =
  | { readonly word: (typeof words)[number] }
  | { readonly word: "finished"; readonly exitCode: number };

export interface JobLook {
  readonly state: JobState;
  /** What it said from the byte on that was asked for, and how many bytes that were. */
  readonly output: string;
  readonly outputBytes: number;
}

/** Who holds a host. */
export interface Lock {
  readonly operation: string;
  readonly owner: string;
  readonly title: string;
  /** By the host's clock. */
  readonly since: Date;
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

// Long enough to spare journeys, short enough to hear that somebody wants it cancelled.
const pollTenths = 20;

/** `what` is what the host calls the process, and what a failure is called. */
const script = (what: string, text: string, ...args: readonly string[]): Command => ({
  argv: ["sh", "-c", text, `scrap ${what}`, ...args],
  asRoot: true,
  timeoutMs: 30_000,
});

/** `rest` answers of a step's own, so that ids of jobs stay below what systemd allows for a unit's name. */
export const toJobId = (operation: string, step: string): string => `${operation}.${step}`;

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

/** Rejects with `Refused` that names who has it. The same operation may take it again. */
export async function lockHost(link: Link, operation: string, owner: string, title: string): Promise<void> {
  await say(link, script("lock", lockScript, operation, owner, toOneLine(title)));
}

/** Rejects with `Refused` while a job of the operation runs there. Nothing happens where another one holds the host. */
export async function unlockHost(link: Link, operation: string): Promise<void> {
  const output = await link.ask(script("unlock", unlockScript, operation));
  if (output.exitCode === 75)
    throw new Refused(`On ${link.host} a job of ${operation} still runs: ${output.stdout.trim()}`, {
      hint: `scrap cancel ${operation}`,
    });
  expectSuccess(link.host, "scrap unlock", output);
}

export async function uploadFile(
  link: Link,
  upload: {
    readonly operation: string;
    readonly step: string;
    readonly path: string;
    readonly mode: string;
    readonly owner: string;
    readonly text: string;
  },
): Promise<void> {
  const { operation, step, path, mode, owner, text } = upload;
  await say(link, { ...script("upload", uploadScript, operation, step, path, mode, owner), input: { text } });
}

export async function putBackFile(link: Link, operation: string, of: string, path: string): Promise<void> {
  await say(link, script("put back", putBackScript, operation, of, path));
}

/** Who holds the host, and the jobs that it keeps a record of. */
export async function surveyHost(
  link: Link,
): Promise<{ readonly lock?: Lock; readonly jobs: readonly JobRecord[] }> {
  const lines = (await say(link, script("survey", surveyScript))).split("\n");
  const heads = lines.flatMap((line, at) => (/^job /.test(line) ? [at] : []));
  const jobs = heads.map((at) => parseJob(lines.slice(at, at + 5)));
  return { ...(lines[0] === "lock" ? { lock: parseLock(link.host, lines.slice(1)) } : {}), jobs };
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

const toDate = (seconds: string): Date | undefined =>
  /^\d{1,11}$/.test(seconds) ? new Date(Number(seconds) * 1000) : undefined;

/** Runs one of our scripts. Rejects with `Refused` when the host is held by another operation. */
async function say(link: Link, command: Command): Promise<string> {
  const output = await link.ask(command);
  if (output.exitCode === lockedExitCode) throw toLocked(link.host, output.stdout);
  return expectSuccess(link.host, command.argv[3] ?? "", output);
}

function expectSuccess(host: string, what: string, { exitCode, stdout, stderr }: Output): string {
  if (exitCode === 0) return stdout;
  throw new CommandFailed(`${host}: ${what}: exit ${exitCode}: ${(stderr || stdout).trim()}`);
}

function toLocked(host: string, stdout: string): Refused {
  if (stdout.trim() === "")
    return new Refused(`${host} is not held by this operation: somebody took its lock away.`);
  const { operation, owner, title, since } = parseLock(host, stdout.split("\n"));
  return new Refused(`${host} is held by ${owner} since ${since.toISOString()}: ${title} (${operation}).`, {
    hint: `Wait for it, or scrap resume ${operation}; if it will never come back: scrap unlock ${host} ${operation}`,
  });
}

function parseLock(host: string, [operation = "", owner = "", title = "", at = ""]: readonly string[]): Lock {
  const since = toDate(at);
  if (since) return { operation, owner, title, since };
  throw new UnreadableOutput(
    `${host} is locked by something that is no lock of ours: ${operation.slice(0, 200)}`,
    {
      hint: `Look at ${hostFolder}/lock there.`,
    },
  );
}

function parseLook(stdout: string): JobLook {
  const [, state = "", bytes = "", output = ""] = /^(.*)\n(\d+)\n([\s\S]*)$/.exec(stdout) ?? [];
  return { state: parseState(state), output, outputBytes: Number(bytes) };
}

function parseState(text: string): JobState {
  const [word, code] = text.split(" ");
  if (word === "finished" && /^\d+$/.test(code ?? "")) return { word, exitCode: Number(code) };
  const known = words.find((each) => each === word);
  if (known && known === text) return { word: known };
  throw new UnreadableOutput(`Not the state of a job: ${text.slice(0, 200)}`);
}
