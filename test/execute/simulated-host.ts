import type { Command, Output, Question } from "../../src/command/command.ts";
import { UnreachableError } from "../../src/errors.ts";
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
  state: "running" | "rebooted" | "never" | `finished ${number}`;
  looks: number;
}

/** What outlives the process: a host, and the journal. */
export interface World {
  /** What was really run there, in order. */
  readonly ran: string[];
  readonly values: Map<string, string>;
  readonly jobs: Map<string, Job>;
  readonly kept: Map<string, string | undefined>;
  readonly records: JournalRecord[];
  lock: string | undefined;
}

export const newWorld = (): World => ({
  ran: [],
  values: new Map([["image", "old"]]),
  jobs: new Map(),
  kept: new Map(),
  records: [],
  lock: undefined,
});

/** It was switched off and on: what ran there is cut off. */
export function reboot({ jobs }: World): void {
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
  const journal: Journal = {
    records: () => world.records,
    append: (event) =>
      act("append", () => {
        world.records.push({ seq: world.records.length + 1, prev: "", at: "2026-11-21T14:12:00Z", ...event });
      }),
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
      return world.lock === first ? say("") : say(`${world.lock}\nben@there\nsomething\n0\n`, 76);
    case "scrap unlock":
      expectNothingRuns(world);
      if (world.lock === first) world.lock = undefined;
      return say("");
    case "scrap look":
      return look(world, first);
    case "scrap submit": {
      if (world.lock !== second) return say("", 76);
      if (!world.jobs.has(first)) begin(world, first, input && "text" in input ? input.text : "");
      return look(world, first);
    }
    case "scrap cancel": {
      const job = world.jobs.get(first);
      if (!job) world.jobs.set(first, { words: [], state: "never", looks: 0 });
      else if (job.state === "running") job.state = "finished 143";
      return look(world, first);
    }
    case "scrap upload":
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

const say = (stdout: string, exitCode = 0): Output => ({ exitCode, stdout, stderr: "" });

function look(world: World, id: string): Output {
  const job = world.jobs.get(id);
  if (job?.state === "running") {
    job.looks += 1;
    if (job.looks >= looksOfAJob) job.state = job.words[0] === "fail" ? "finished 1" : "finished 0";
  }
  return say(`${job?.state ?? "none"}\n0\n`);
}

/** What it does is done at once, and the rest of its time it only runs. */
function begin(world: World, id: string, text: string): void {
  expectNothingRuns(world);
  const words = text.trim().split(" ");
  const [verb = "", key = "", value] = words;
  world.ran.push(words.join(" "));
  world.jobs.set(id, { words, state: "running", looks: 0 });
  if (verb === "set") set(world, key, value);
  else if (verb === "count") set(world, key, `${Number(world.values.get(key) ?? 0) + 1}`);
  else if (verb !== "fail") throw new Error(`this host has no program ${verb}`);
}

function set({ values }: World, key: string, value: string | undefined): void {
  if (value === undefined) values.delete(key);
  else values.set(key, value);
}

function expectNothingRuns({ jobs }: World): void {
  for (const [id, { state }] of jobs)
    if (state === "running") throw new Error(`beside ${id}, which still runs`);
}
