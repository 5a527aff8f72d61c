import type { Command, Output, Question } from "../../src/command/command.ts";
import { UnreachableError } from "../../src/errors.ts";
import { carryOut, type Result } from "../../src/execute/carry-out.ts";
import type { Hands } from "../../src/execute/hands.ts";
import type { Journal } from "../../src/journal/journal.ts";
import type { JournalRecord } from "../../src/journal/record.ts";
import type { Link, Transport } from "../../src/transport/transport.ts";

/** The process is gone: nothing that it would have done happens. */
export class PlugPulled extends Error {}

/** What happens at the act of that number: the process dies, or the answer does. Acts are counted from 1. */
export interface Mishap {
  readonly at: number;
  readonly kind: "plug" | "answer-lost" | "never-arrives";
}

interface Job {
  readonly words: readonly string[];
  state: "running" | "killed" | "rebooted" | "never" | `finished ${number}${"" | " checked" | " unchecked"}`;
  looks: number;
}

/** What outlives the process: a host, and the journal. */
export interface World {
  /** What was really run there, in order. */
  readonly ran: string[];
  readonly values: Map<string, string>;
  readonly jobs: Map<string, Job>;
  /** What follows by itself, by the name of its file. */
  readonly laid: Map<string, string>;
  /** What was laid down is through as soon as it is begun. */
  isHasty: boolean;
  readonly kept: Map<string, string | undefined>;
  readonly records: JournalRecord[];
  /** The operations that changed the host, in order. */
  readonly changedBy: string[];
  lock: string | undefined;
}

export const newWorld = (): World => ({
  ran: [],
  values: new Map([["image", "old"]]),
  jobs: new Map(),
  laid: new Map(),
  isHasty: false,
  kept: new Map(),
  records: [],
  changedBy: [],
  lock: undefined,
});

/** It was switched off and on: what ran there is cut off, and nothing follows it by itself. */
export function reboot({ jobs, laid }: World): void {
  for (const part of laid.keys()) if (part.endsWith("/next")) laid.delete(part);
  for (const job of jobs.values()) if (job.state === "running") job.state = "rebooted";
}

/** So many times it is looked at before a job ends. */
const looksOfAJob = 2;

/** One process that carries out what the journal of that world says. `acts` is how far it came. */
export function createHands(world: World, asked: Hands["asked"] = () => undefined, mishap?: Mishap) {
  let acts = 0;
  let isGone = false;
  const act = <Result>(kind: "append" | "say", what: () => Result): Result => {
    if (isGone) throw new PlugPulled();
    const isHere = (half: number) => mishap?.at === acts * 2 + half;
    acts += 1;
    // Even: before it. Odd: after it.
    if (isHere(-1) && mishap?.kind === "plug") isGone = true;
    if (isGone) throw new PlugPulled();
    if (isHere(-1) && kind === "say") throw lost();
    const result = what();
    if (isHere(0) && mishap?.kind === "plug") isGone = true;
    if (isGone) throw new PlugPulled();
    if (isHere(0) && kind === "say" && mishap?.kind === "answer-lost") throw lost();
    return result;
  };
  const write: Journal["append"] = (event) =>
    act("append", () => {
      world.records.push({ seq: world.records.length + 1, prev: "", at: "2026-11-21T14:12:00Z", ...event });
    });
  const journal: Journal = {
    records: () => world.records,
    append: write,
    note: write,
    close: () => {},
  };
  const link = {
    host: "web1",
    state: () => ({ status: "idle" }),
    ask: async (question: Question) => act("say", () => answer(world, question as Command)),
  } as Partial<Link> as Link;
  const hands: Hands = {
    transport: { link: () => link, close: async () => {} } satisfies Transport,
    journal,
    owner: "anna@here",
    runLocal: () => Promise.reject(new Error("not in this test")),
    onOutput: () => {},
    asked,
    patienceMs: 2000,
  };
  return { hands, acts: () => acts * 2 };
}

const lost = () => new UnreachableError("dropped", "web1 closed the connection");

/** As strict as the real thing: what it does not know fails the test. */
function answer(world: World, { argv, input }: Command): Output {
  const [program, word = "", , what = "", ...args] = argv;
  if (program === "get") return say(world.values.get(word) ?? "");
  // As "get", from somewhere else, which may not answer.
  if (program === "get-far") return world.values.has("line") ? say(world.values.get(word) ?? "") : say("", 2);
  const [first = "", second = "", third = ""] = args;
  switch (what) {
    case "scrap lock":
      world.lock ??= first;
      if (world.lock !== first) return say(`${world.lock}\nben@there\nsomething\n0\n`, 76);
      return say(["taken", ...changesSince(world, first)].join("\n"));
    case "scrap unlock":
      expectNothingRuns(world);
      if (world.lock === first) world.lock = undefined;
      return say("");
    case "scrap look":
      return look(world, first);
    case "scrap prepare": {
      if (world.lock !== first) return say("", 76);
      const lines = (input && "text" in input ? input.text : "").split("\n");
      for (let at = 2; at < args.length; at += 3) {
        const [part = "", from, to] = args.slice(at, at + 3);
        if (world.jobs.has(part.split("/")[0] ?? "")) continue;
        world.laid.set(part, lines.slice(Number(from) - 1, Number(to)).join("\n"));
      }
      return say("");
    }
    case "scrap submit": {
      if (world.lock !== second) return say("", 76);
      note(world, second);
      if (!world.jobs.has(first)) begin(world, first, input && "text" in input ? input.text : "");
      return look(world, first);
    }
    case "scrap cancel": {
      const job = world.jobs.get(first);
      if (!job) world.jobs.set(first, { words: [], state: "never", looks: 0 });
      else if (job.state === "running") job.state = job.words[0] === "hang" ? "killed" : "finished 143";
      return look(world, first);
    }
    case "scrap upload":
      note(world, first);
      if (!world.kept.has(second)) world.kept.set(second, world.values.get(third));
      world.values.set(third, input && "text" in input ? input.text : "");
      world.ran.push(`upload ${third}`);
      return say("");
    case "scrap put back":
      if (world.kept.has(second)) set(world, third, world.kept.get(second));
      return say("");
    default:
      throw new Error(`nobody told this host about ${argv.join(" ")}`);
  }
}

function note({ changedBy }: World, operation: string): void {
  if (changedBy.at(-1) !== operation) changedBy.push(operation);
}

const changesSince = ({ changedBy }: World, operation: string) =>
  changedBy.slice(changedBy.lastIndexOf(operation) + 1).map((id) => `ran ${id} 0 ben@there Restart db`);

const say = (stdout: string, exitCode = 0): Output => ({ exitCode, stdout, stderr: "" });

function look(world: World, id: string): Output {
  const job = world.jobs.get(id);
  // What hangs does not listen to being ended, either.
  if (job?.state === "running" && job.words[0] !== "hang") {
    job.looks += 1;
    if (job.looks >= looksOfAJob) finish(world, id, job);
  }
  const isLaid = world.laid.has(`${id}/command`);
  return say(`${job?.state ?? (isLaid ? "claimed" : "none")}\n0\n`);
}

function finish(world: World, id: string, job: Job): void {
  const { laid, jobs, lock } = world;
  const [program = ""] = job.words;
  const hasFailed = program === "fail" || (program === "wait" && !holds(world, job.words.slice(1).join(" ")));
  job.state = hasFailed ? "finished 1" : "finished 0";
  const check = laid.get(`${id}/check`);
  if (job.state !== "finished 0" || check === undefined) return;
  job.state = holds(world, check) ? "finished 0 checked" : "finished 0 unchecked";
  const next = laid.get(`${id}/next`);
  if (job.state !== "finished 0 checked" || next === undefined || jobs.has(next)) return;
  if (lock === id.split(".")[0]) begin(world, next, laid.get(`${next}/command`) ?? "");
}

/** As a shell would find out: each `o=$(get KEY) && [ "$o" = VALUE ]`. */
const holds = ({ values }: World, check: string): boolean =>
  [...check.matchAll(/o=\$\(get (\S+)\) && \[ "\$o" = (\S+) \]/g)].every(
    ([, key = "", value = ""]) => (values.get(key) ?? "") === value.replaceAll("'", ""),
  );

/** What it does is done at once, and the rest of its time it only runs. */
function begin(world: World, id: string, text: string): void {
  expectNothingRuns(world);
  const [, path] = /^# upload (\S+)\n/.exec(text) ?? [];
  const isWait = text.startsWith("o=$(");
  const words = isWait ? ["wait", text] : path ? ["upload", path] : text.trim().split(" ");
  const [verb = "", key = "", value] = words;
  const job: Job = { words, state: "running", looks: 0 };
  world.jobs.set(id, job);
  if (verb !== "wait") world.ran.push(words.join(" "));
  if (verb === "set") set(world, key, value);
  else if (verb === "count") set(world, key, `${Number(world.values.get(key) ?? 0) + 1}`);
  else if (verb === "upload") {
    const step = id.split(".")[1] ?? "";
    if (!world.kept.has(step)) world.kept.set(step, world.values.get(key));
    world.values.set(key, world.laid.get(`${id}/input`) ?? "");
  } else if (!["fail", "wait", "hang"].includes(verb)) throw new Error(`this host has no program ${verb}`);
  if (world.isHasty && (world.laid.has(`${id}/check`) || world.laid.has(`${id}/command`)))
    finish(world, id, job);
}

function set({ values }: World, key: string, value: string | undefined): void {
  if (value === undefined) values.delete(key);
  else values.set(key, value);
}

function expectNothingRuns({ jobs }: World): void {
  for (const [id, { state }] of jobs)
    if (state === "running") throw new Error(`beside ${id}, which still runs`);
}

/** How it ended; undefined when the plug was pulled before. */
export async function drive(
  world: World,
  asked?: Hands["asked"],
  mishap?: Mishap,
): Promise<Result | undefined> {
  try {
    return await carryOut(createHands(world, asked, mishap).hands);
  } catch (error) {
    if (error instanceof PlugPulled) return undefined;
    throw error;
  }
}
