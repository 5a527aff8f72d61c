import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostNamed } from "./hosts.ts";
import { cut, start } from "./lifecycle.ts";
import { inventoryFor, scrap } from "./scrap.ts";
import { until } from "./shell.ts";
import { onHost, tryOnHost } from "./ssh-access.ts";

const host = "pi";
/** A line for each time that a job was begun, and for each time that it came to its end. */
const [begun, ended] = ["/root/killed-begun", "/root/killed-ended"];
const state = mkdtempSync(join(tmpdir(), "scrap-killed-"));
let inventory = "";
let made = 0;

beforeAll(async () => {
  process.env["XDG_STATE_HOME"] = state;
  inventory = inventoryFor("ops");
});

afterAll(async () => {
  delete process.env["XDG_STATE_HOME"];
  await start(hostNamed(host));
  const unlock = "grep -qs -e -killed-pi- /var/lib/scrap/lock && rm /var/lib/scrap/lock || true";
  await onHost(host, `rm -rf ${begun} ${ended} /var/lib/scrap/jobs/*-killed-pi-*; ${unlock}`);
  rmSync(state, { recursive: true, force: true });
});

function newPlan(seconds: number, again?: "safe"): { readonly id: string; readonly file: string } {
  made += 1;
  const id = `20261121-0000-killed-pi-${String(Date.now()).slice(-8)}${made}`;
  const file = join(state, `${id}.json`);
  const plan = {
    format: 1,
    id,
    operation: "killed",
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
        command: {
          argv: ["sh", "-c", `echo ${id} >>${begun}; sync; sleep ${seconds}; echo ${id} >>${ended}`],
          asRoot: true,
        },
        timeoutMs: 60_000,
        ...(again ? { again } : {}),
      },
    ],
  };
  writeFileSync(file, JSON.stringify(plan));
  return { id, file };
}

const runsOf = async (id: string, file = begun): Promise<number> =>
  Number((await tryOnHost(host, `grep -c -x -- ${id} ${file}`)).out.trim());

const apply = (file: string) => scrap(["apply", file, "--yes"], inventory);

async function killHost(): Promise<void> {
  await cut(hostNamed(host));
  await start(hostNamed(host));
}

async function killDriver(id: string): Promise<void> {
  const records = readFileSync(join(state, "scrap/journal", `${id}.jsonl`), "utf8")
    .trim()
    .split("\n");
  const driving = records.map((line) => JSON.parse(line)).findLast(({ kind }) => kind === "driving");
  process.kill(driving.pid, "SIGKILL");
}

describe("a host that loses its power while a job of ours runs", () => {
  it("leaves in doubt what may not happen twice, keeps others out, and goes on when a person says how", async () => {
    const { id, file } = newPlan(8);
    const running = apply(file);
    await until("the job has begun", 60, async () => (await runsOf(id)) === 1);
    await killHost();
    const cutOff = await running;
    expect(cutOff).toMatchObject({
      exitCode: 5,
      stdout: expect.stringContaining("pi was started anew while it ran"),
    });
    const status = await scrap(["status", host], inventory);
    expect(status.stdout).toContain(`scrap resume ${id}`);
    expect(await apply(newPlan(0).file)).toMatchObject({ exitCode: 6, stdout: expect.stringContaining(id) });
    expect(await runsOf(id)).toBe(1);
    const resumed = await scrap(["resume", id, "--was-not-done", "count"], inventory);
    expect(resumed).toMatchObject({ exitCode: 0 });
    expect([await runsOf(id), await runsOf(id, ended)]).toEqual([2, 1]);
    expect((await scrap(["journal", "verify", id], inventory)).exitCode).toBe(0);
  });

  it("does again by itself what may happen twice", async () => {
    const { id, file } = newPlan(5, "safe");
    const running = apply(file);
    await until("the job has begun", 60, async () => (await runsOf(id)) === 1);
    await killHost();
    expect(await running).toMatchObject({ exitCode: 0 });
    expect([await runsOf(id), await runsOf(id, ended)]).toEqual([2, 1]);
  });

  it("is believed when it says how the job ended that nobody heard of", async () => {
    const { id, file } = newPlan(4);
    const running = apply(file);
    await until("the job has begun", 60, async () => (await runsOf(id)) === 1);
    await killDriver(id);
    await running;
    const exit = `/var/lib/scrap/jobs/${id}.count/exit`;
    await until("the job has ended", 60, async () => (await tryOnHost(host, `test -s ${exit}`)).code === 0);
    await killHost();
    expect(await scrap(["resume", id], inventory)).toMatchObject({ exitCode: 0 });
    expect([await runsOf(id), await runsOf(id, ended)]).toEqual([1, 1]);
    expect((await tryOnHost(host, "cat /var/lib/scrap/lock")).code).not.toBe(0);
  });
});
