// Plans operations, starts them in a process of their own, and looks on. Ties the rooms together for the faces.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, openSync, readFileSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Operations } from "./cli/context.ts";
import { type Drivers, walkBackSignal, whoAsks } from "./drive.ts";
import { CommandFailed, InDoubt, Refused } from "./errors.ts";
import { surveyHost } from "./execute/host-jobs.ts";
import { unlockHost } from "./execute/host-locks.ts";
import { isOpenEnd } from "./execute/story.ts";
import { claimDriver, heldBy, readDriver } from "./journal/driver.ts";
import { followOperation } from "./journal/follow.ts";
import { createJournal, listJournals, openJournal, readJournal } from "./journal/journal.ts";
import { type Operation, toOperation } from "./journal/operation.ts";
import { errorsFile } from "./journal/output.ts";
import type { Decision } from "./journal/record.ts";
import { writeSeen } from "./journal/seen.ts";
import { summarise } from "./journal/standing.ts";
import { watchJournals } from "./journal/watch.ts";
import { planAutoUpdated } from "./operations/auto-updated.ts";
import { eyesFor, planFor, subjectOf } from "./operations/operations.ts";
import { planOutlook } from "./operations/outlook.ts";
import { sha256 } from "./plan/digest.ts";
import { parsePlan } from "./plan/parse-plan.ts";
import { toPlanId } from "./plan/plan.ts";
import type { Planning, PlanningAnswers, PlanningQuestion } from "./plan/planning.ts";
import { fetchFeed } from "./releases/fetch-feed.ts";
import { runLocalLines } from "./transport/local-program.ts";
import type { Transport } from "./transport/transport.ts";

/** Of the user's own programs, such as a playbook in check mode. */
const longestProgramMs = 1_800_000;

export interface OperateOptions {
  /** Of the journals. */
  readonly folder: string;
  readonly drivers: Drivers;
  readonly sshConfig?: string;
}

export interface DetachedOptions {
  readonly folder: string;
  /** What a person typed, for the process that carries it out. */
  readonly secrets: () => Readonly<Record<string, string>>;
  /** How this program is started: program and arguments before its own. */
  readonly self: readonly [string, ...string[]];
}

/** A process of its own for each operation. Detached: closing the terminal changes nothing for it. */
export function createDetachedDrivers({ folder, secrets, self }: DetachedOptions): Drivers {
  return {
    // Resolves once it drives, or somebody else does.
    start: async (id) => {
      const errors = openSync(errorsFile(folder, id), "a", 0o600);
      const [program, ...args] = self;
      const child = spawn(program, [...args, "drive", id], {
        detached: true,
        stdio: ["pipe", "ignore", errors],
        cwd: "/",
      });
      closeSync(errors);
      let exitCode: number | null | undefined;
      await new Promise<void>((resolve, reject) => {
        child.on("error", (error) =>
          reject(new CommandFailed(`${program} cannot be started: ${error.message}`)),
        );
        child.on("exit", (code) => {
          exitCode = code;
        });
        child.stdin?.on("error", () => {});
        child.stdin?.end(JSON.stringify(secrets()), () => resolve());
      });
      child.unref();
      while (readDriver(folder, id) === undefined && exitCode === undefined) await sleep(20);
      if (exitCode !== undefined && exitCode !== 0 && readDriver(folder, id) === undefined)
        throw new InDoubt(`${id} is not carried out: ${lastErrors(folder, id)}`, {
          hint: `scrap resume ${id}`,
        });
    },
    wish: (_, pid, wish) => process.kill(pid, wish === "walk-back" ? walkBackSignal : "SIGINT"),
  };
}

export function createOperations({ folder, drivers, sshConfig }: OperateOptions): Operations {
  const load = (id: string): Operation => {
    const operation = toOperation(readJournal(folder, id).records);
    if (!operation) throw new Refused(`The journal of ${id} has no plan.`);
    return operation;
  };

  return {
    plan: async (request, { session, hosts, timeoutMs }) => {
      const { inventory, transport, backends } = session;
      await session.once(hosts, timeoutMs, eyesFor(request, inventory));
      const now = new Date();
      const id = toPlanId(request.verb, subjectOf(request), now, randomBytes(2).toString("hex"));
      const ground = { inventory, backends, homelab: session.read([...inventory.hosts.keys()]), id, now };
      return answer(planFor(request, ground), transport);
    },
    outdated: async (names, { session, hosts, timeoutMs }) => {
      const { inventory, transport, backends } = session;
      await session.once(hosts, timeoutMs);
      const homelab = session.read(hosts);
      const services = [...inventory.services.values()].filter(
        ({ name }) => names.length === 0 || names.includes(name),
      );
      const [outlooks, updates] = await Promise.all([
        Promise.all(services.map((service) => answer(planOutlook(service, { inventory }), transport))),
        Promise.all(hosts.map((host) => answer(planAutoUpdated(host, { backends, homelab }), transport))),
      ]);
      return {
        services: outlooks,
        autoUpdates: updates.flatMap((update) => ("why" in update ? [] : update.entries)),
        unknown: updates.flatMap((update) => ("why" in update ? [update] : [])),
      };
    },
    ask: (planning, { transport }) => answer(planning, transport),
    see: (runs) => {
      const known = new Set(listJournals(folder));
      for (const run of runs) if (!known.has(run.id)) writeSeen(folder, run);
    },
    start: async (plan, inventory) => {
      const by = whoAsks({
        ...(inventory.file === undefined ? {} : { file: inventory.file }),
        ...(sshConfig === undefined ? {} : { sshConfig }),
      });
      // What could not be read again is not begun.
      parsePlan(plan, plan.id);
      createJournal(folder, plan.id, { kind: "plan", plan, by }).close();
      await drivers.start(plan.id);
    },
    resume: async (id, decisions = []) => {
      const { ended } = load(id);
      const driver = readDriver(folder, id);
      if (driver?.machine !== undefined) throw heldBy(id, driver);
      if (driver) return;
      if (ended && !isOpenEnd(ended.outcome)) return;
      if (decisions.length > 0) decide(folder, id, decisions);
      await drivers.start(id);
    },
    cancel: (id, wish) => {
      load(id);
      const driver = readDriver(folder, id);
      if (!driver) return false;
      if (driver.machine !== undefined) throw heldBy(id, driver);
      drivers.wish(id, driver.pid, wish);
      return true;
    },
    errors: (id) => lastErrors(folder, id),
    watch: () => watchJournals(folder),
    follow: (id, follower, signal) => followOperation(folder, id, follower, signal),
    ids: () => listJournals(folder),
    list: () => listJournals(folder).flatMap((id) => summarise(folder, id) ?? []),
    load,
    records: (id) => readJournal(folder, id).records,
    isDriven: (id) => readDriver(folder, id) !== undefined,
    survey: async (host, transport) => surveyHost(transport.link(host)),
    unlock: async (host, id, transport) => unlockHost(transport.link(host), id),
  };
}

interface Decided {
  readonly step?: string;
  readonly what: Decision;
}

/** What a person says of an operation that nobody drives, for whoever goes on with it. */
function decide(folder: string, id: string, decisions: readonly Decided[]): void {
  const claim = claimDriver(folder, id);
  try {
    const journal = openJournal(folder, id);
    for (const decided of decisions) journal.append({ kind: "decided", ...decided, by: whoAsks({}) });
    journal.close();
  } finally {
    claim.release();
  }
}

/** What the process that carried it out complained of last: a bug, or a full disk. */
function lastErrors(folder: string, id: string): string {
  try {
    return readFileSync(errorsFile(folder, id), "utf8").trim().split("\n").slice(-12).join("\n");
  } catch {
    return "";
  }
}

/** Asks what planning wants to know, until it has a plan. */
async function answer<Result>(planning: Planning<Result>, transport: Transport): Promise<Result> {
  let next = planning.next();
  while (!next.done) {
    const asked = next.value;
    const answers = await Promise.allSettled(asked.map((question) => answerOne(question, transport)));
    const failed = answers.find((each) => each.status === "rejected");
    next = failed
      ? planning.throw(failed.reason)
      : planning.next(answers.map((each) => (each as PromiseFulfilledResult<never>).value));
  }
  return next.value;
}

async function answerOne(
  question: PlanningQuestion,
  transport: Transport,
): Promise<PlanningAnswers[keyof PlanningAnswers]> {
  switch (question.kind) {
    case "host":
      return transport.link(question.host).ask(question.command);
    case "file":
      return readOwn(question.file);
    case "folder":
      return listOwn(question.folder);
    case "program":
      return runProgram(question);
    case "feed":
      return fetchFeed(question.url);
    default:
      return question satisfies never;
  }
}

async function runProgram({ argv, cwd }: Extract<PlanningQuestion, { kind: "program" }>) {
  const lines: string[] = [];
  const exitCode = await runLocalLines(
    argv,
    cwd,
    (line) => lines.push(line),
    AbortSignal.timeout(longestProgramMs),
  );
  return { exitCode, lines };
}

async function readOwn(file: string): Promise<PlanningAnswers["file"]> {
  try {
    const [content, { mode }] = await Promise.all([readFile(file), stat(file)]);
    return { text: content.toString(), sha256: sha256(content), mode };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new CommandFailed(`${file} cannot be read: ${(error as Error).message}`);
  }
}

async function listOwn(folder: string): Promise<PlanningAnswers["folder"]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new CommandFailed(`${folder} cannot be read: ${(error as Error).message}`);
  }
}
