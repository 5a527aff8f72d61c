import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inventoryFor, scrap } from "./scrap.ts";
import { attempt, sleep, until } from "./shell.ts";
import { onHost, tryOnHost } from "./ssh-access.ts";

const host = "vps2";
/** A line for each time that the job was really run. */
const count = "/run/crash-count";
const state = mkdtempSync(join(tmpdir(), "scrap-crash-"));
const bin = fileURLToPath(new URL("../../bin/scrap", import.meta.url));
let inventory = "";
let made = 0;

beforeAll(async () => {
  process.env["XDG_STATE_HOME"] = state;
  inventory = inventoryFor("ops");
  await onHost(host, `rm -f ${count}`);
});

afterAll(async () => {
  delete process.env["XDG_STATE_HOME"];
  // Where a test failed, the host is not to stay locked.
  const unlock = "grep -qs -e -crash-vps2- /var/lib/scrap/lock && rm /var/lib/scrap/lock || true";
  await onHost(host, `rm -rf ${count} /var/lib/scrap/jobs/*-crash-vps2-*; ${unlock}`);
  rmSync(state, { recursive: true, force: true });
});

interface Job {
  readonly seconds?: number;
  readonly again?: "safe";
}

/** Writes down a plan whose job counts how often it was run, and waits for it. */
function newPlan({ seconds = 0, again }: Job = {}): { readonly id: string; readonly file: string } {
  made += 1;
  const id = `20261121-0000-crash-vps2-${String(Date.now()).slice(-8)}${made}`;
  const file = join(state, `${id}.json`);
  const check = { kind: "command", title: "it was counted", host, command: { argv: ["test", "-s", count] } };
  const plan = {
    format: 1,
    id,
    operation: "crash",
    title: `Count on ${host}`,
    madeAt: new Date().toISOString(),
    services: [],
    hosts: [host],
    basis: [],
    onFailure: "stop",
    notes: [],
    steps: [
      {
        kind: "run",
        id: "count",
        title: "Count",
        effect: "changes",
        host,
        command: { argv: ["sh", "-c", `echo ${id} >>${count}; sleep ${seconds}`], asRoot: true },
        timeoutMs: 60_000,
        ...(again ? { again } : {}),
      },
      {
        kind: "wait",
        id: "counted",
        title: "Wait for the count",
        effect: "reads",
        host,
        until: [{ ...check, expect: { exitCode: 0 } }],
        everyMs: 100,
        timeoutMs: 10_000,
      },
    ],
  };
  writeFileSync(file, JSON.stringify(plan));
  return { id, file };
}

const journalOf = (id: string) => join(state, "scrap/journal", `${id}.jsonl`);

const runsOf = async (id: string): Promise<number> =>
  Number((await tryOnHost(host, `grep -c -x -- ${id} ${count}`)).out.trim());

const ways = [
  // Driving, the intent of the job, the intent of the wait, and the end; what happened in between is written only.
  { how: "is killed", at: "fsync", inject: (nth: number) => `signal=KILL:when=${nth}`, points: 4 },
  { how: "fails", at: "fsync", inject: (nth: number) => `error=EIO:when=${nth}+`, points: 4 },
  // And that the job started, that it is done, and that the wait is.
  { how: "is killed", at: "write", inject: (nth: number) => `signal=KILL:when=${nth}`, points: 7 },
] as const;
type Way = Pick<(typeof ways)[number], "at" | "inject">;
const killedAtFsync: Way = ways[0];

/** Runs the program, and kills it as it enters that call for the time of that number, or has that fail. */
function cutAt(nth: number, { at, inject }: Way, of: readonly string[], ...argv: readonly string[]) {
  const strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", `trace=${at}`, ...of];
  const injected = ["-e", `inject=${at}:${inject(nth)}`];
  return attempt([...strace, ...injected, bin, "--inventory", inventory, ...argv], { input: "" });
}

/** Somebody else who works in the lab held the host. */
class Held extends Error {}

/** Again from the beginning, where somebody else held the host for a moment. */
async function untilFree<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Held) || tries === 30) throw error;
      await sleep(2000);
    }
  }
}

const expectFree = ({ stdout }: { readonly stdout: string }): void => {
  if (/is held by .*(?<!-crash-vps2-\d+)\)/.test(stdout)) throw new Held(stdout);
};

async function expectRecovered(id: string): Promise<void> {
  const resumed = await scrap(["resume", id, "--json"], inventory);
  expectFree(resumed);
  expect(resumed).toMatchObject({ exitCode: 0 });
  expect(await runsOf(id)).toBe(1);
  expect(await scrap(["journal", "verify", id], inventory)).toMatchObject({ exitCode: 0 });
  expect((await scrap(["resume", id], inventory)).stdout).toContain("done already");
  expect(await runsOf(id)).toBe(1);
  expect((await tryOnHost(host, `grep -x -- ${id} /var/lib/scrap/lock`)).out).toBe("");
}

const hasStrace = (await attempt(["which", "strace"]).catch(() => ({ code: 1 }))).code === 0;

// Seven operations each, on hosts that others may be busy with.
describe.skipIf(!hasStrace)("the program", { timeout: 600_000 }, () => {
  it.each(ways)(
    "$how at each $at of its journal, and then it is resumed",
    async ({ how, at, inject, points }) => {
      let tried = 0;
      for (let nth = 1; ; nth += 1) {
        // The plan is written down, and whoever did so dies before anybody carries it out.
        const isWhole = await untilFree(async () => {
          const { id, file } = newPlan();
          await cutAt(2, killedAtFsync, [], "apply", file, "--yes");
          const cut = await cutAt(nth, { at, inject }, ["-P", journalOf(id)], "drive", id);
          expectFree(await scrap(["journal", "show", id, "--json"], inventory));
          if (cut.code !== 0) await expectRecovered(id);
          return cut.code === 0;
        });
        if (isWhole) break;
        tried += 1;
      }
      expect(tried).toBe(points);
      console.log(`It ${how} at each ${at}, ${tried} of them: all recovered`);
    },
  );

  it("dies before its plan is on disk, and nothing was begun", async () => {
    await untilFree(async () => {
      const { id, file } = newPlan();
      await cutAt(1, killedAtFsync, [], "apply", file, "--yes");
      const again = await scrap(["apply", file, "--yes", "--json"], inventory);
      expectFree(again);
      expect(again.exitCode).toBe(0);
      await expectRecovered(id);
    });
  });
});

describe("on the host", () => {
  /** Begins it in the background, and resolves when the job has begun. */
  async function begin(job: Job): Promise<{ readonly id: string; readonly driver: () => Promise<number> }> {
    for (let tries = 0; ; tries += 1) {
      const { id, file } = newPlan(job);
      const child = spawn(bin, ["--inventory", inventory, "apply", file, "--yes", "--json"], {
        stdio: ["ignore", "pipe", "ignore"],
      });
      let said = "";
      child.stdout.on("data", (data) => (said += data));
      const ended = new Promise<number>((resolve) => child.once("exit", (code) => resolve(code ?? -1)));
      await Promise.race([until("the job begins", 60, async () => /"started"/.test(said)), ended]);
      if (/"started"/.test(said)) return { id, driver: () => ended };
      // Others may hold the host for a moment.
      if (tries === 30) throw new Error(said);
      await sleep(2000);
    }
  }

  const killJob = (id: string, step = "count") =>
    onHost(host, `read -r pid rest </var/lib/scrap/jobs/${id}.${step}/started; kill -KILL -$pid`);

  it("the job is killed: in doubt, until a person says what happened", async () => {
    const { id, driver } = await begin({ seconds: 20 });
    await killJob(id);
    expect(await driver()).toBe(5);
    const status = await scrap(["status", host], inventory);
    expect(status.stdout).toMatch(/PROBLEMS\n.*Count on vps2.*in doubt.*\n\s+scrap resume /);
    expect(status.exitCode).toBe(1);
    const said = await scrap(["resume", id, "--was-done", "count"], inventory);
    expect(said).toMatchObject({ exitCode: 0 });
    expect(await runsOf(id)).toBe(1);
  });

  it("the job is killed, and may be done again: it is", async () => {
    const { id, driver } = await begin({ seconds: 10, again: "safe" });
    await killJob(id);
    expect(await driver()).toBe(0);
    expect(await runsOf(id)).toBe(2);
  });

  it("the claim is there and the job never began: it begins", async () => {
    await untilFree(async () => {
      const { id, file } = newPlan();
      await onHost(host, `mkdir -p /var/lib/scrap/jobs/${id}.count`);
      const run = await scrap(["apply", file, "--yes", "--json"], inventory);
      expectFree(run);
      expect(run).toMatchObject({ exitCode: 0 });
      expect(await runsOf(id)).toBe(1);
    });
  });

  it("who drives dies while the job runs: another one attaches, and it runs once", async () => {
    const { id } = await begin({ seconds: 15 });
    const pid = (await scrap(["journal", "show", id, "--json"], inventory)).stdout.match(/"pid":(\d+)/)?.[1];
    process.kill(Number(pid), "SIGKILL");
    const jobs = await scrap(["jobs", "--host", host, "--json"], inventory);
    expect(JSON.parse(jobs.stdout).hosts[0].lock.operation).toBe(id);
    expect((await scrap(["unlock", host, id, "--yes"], inventory)).exitCode).toBe(6);
    await expectRecovered(id);
  });

  it("who drives dies while the job runs, and it is cancelled: nothing of it goes on", async () => {
    const { id } = await begin({ seconds: 30 });
    const pid = (await scrap(["journal", "show", id, "--json"], inventory)).stdout.match(/"pid":(\d+)/)?.[1];
    process.kill(Number(pid), "SIGKILL");
    const cancelled = await scrap(["cancel", id], inventory);
    expect(cancelled).toMatchObject({ exitCode: 7 });
    expect(cancelled.stdout).toContain("Nothing leads back from “Count”");
    expect((await tryOnHost(host, `pgrep -f -- 'echo ${id}'`)).out).toBe("");
    expect((await tryOnHost(host, `grep -x -- ${id} /var/lib/scrap/lock`)).out).toBe("");
  });

  it("a second operation is refused, and told who holds the host", async () => {
    const { id, driver } = await begin({ seconds: 20 });
    const { file } = newPlan();
    const second = await scrap(["apply", file, "--yes"], inventory);
    expect(second.exitCode).toBe(6);
    expect(second.stdout).toContain(id);
    expect(await driver()).toBe(0);
    // A plan is tried once.
    expect((await scrap(["apply", file, "--yes"], inventory)).exitCode).toBe(6);
  });

  it("a plan whose ground has moved is refused, and says what moved", async () => {
    const { file } = newPlan();
    const moved = join(state, "moved.json");
    const asked = { command: { argv: ["uname", "-n"] }, stdout: "elsewhere" };
    const basis = [{ kind: "host", title: "the name", host, ...asked }];
    writeFileSync(moved, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), basis }));
    const run = await scrap(["apply", moved, "--yes"], inventory);
    expect(run.exitCode).toBe(6);
    expect(run.stdout).toContain("the name on vps2 was elsewhere, is vps2");
  });
});
