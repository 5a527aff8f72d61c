import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  cancelJob,
  type JobLook,
  lookAtJob,
  prepareJobs,
  submitJob,
  surveyHost,
} from "../../src/execute/host-jobs.ts";
import { lockHost, unlockHost } from "../../src/execute/host-locks.ts";
import { holds } from "../../src/execute/job-scripts.ts";
import { createLocalHost, type LocalHost } from "./local-host.ts";

const operation = "20261121-1412-restart-web-x7k2";

const isThere = (...argv: readonly [string, ...string[]]): boolean => {
  try {
    execFileSync(argv[0], argv.slice(1), { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

const shells: readonly (readonly [string, ...string[]])[] = [
  ["sh"],
  ["bash"],
  ...(isThere("busybox", "sh", "-c", "true") ? [["busybox", "sh"] as const] : []),
];

describe.each(shells.map((shell) => ({ shell, name: shell.join(" ") })))("in $name", ({ shell }) => {
  let host: LocalHost;
  beforeEach(async () => {
    host = createLocalHost({ shell });
    await lockHost(host.link, operation, "anna@here", "Restart web");
  });
  afterEach(() => host.close());

  const submit = (step: string, text: string, of = operation) =>
    submitJob(host.link, { operation: of, step, owner: "anna@here", text });
  const look = (step: string, fromByte = 0) => lookAtJob(host.link, operation, step, fromByte);
  const file = (step: string, name: string) => join(host.folder, "jobs", `${operation}.${step}`, name);

  async function untilIn(step: string, word: string): Promise<JobLook> {
    for (let tries = 0; tries < 100; tries++) {
      const seen = await look(step);
      if (seen.state.word === word) return seen;
      await sleep(50);
    }
    throw new Error(`${step} is still ${(await look(step)).state.word}`);
  }

  it("runs what is submitted twice, or ten times at once, once", async () => {
    const text = `echo ran >>${host.folder}/count; echo said; exit 3`;
    await Promise.all(Array.from({ length: 10 }, () => submit("stop", text)));
    const { state, output } = await untilIn("stop", "finished");
    expect({ state, output }).toEqual({ state: { word: "finished", exitCode: 3 }, output: "said\n" });
    expect((await submit("stop", text)).state).toEqual({ word: "finished", exitCode: 3 });
    expect(readFileSync(join(host.folder, "count"), "utf8")).toBe("ran\n");
  });

  it("tells what was never submitted from what was submitted and not begun", async () => {
    expect((await look("stop")).state.word).toBe("none");
    execFileSync("mkdir", ["-p", join(host.folder, "jobs", `${operation}.stop`)]);
    expect((await look("stop")).state.word).toBe("claimed");
    expect((await submit("stop", "true")).state.word).toMatch(/claimed|running|finished/);
    expect((await untilIn("stop", "finished")).state).toEqual({ word: "finished", exitCode: 0 });
  });

  it("attaches to what runs from any byte on", async () => {
    await submit("copy", "echo one; sleep 60; echo two");
    await untilIn("copy", "running");
    while ((await look("copy")).outputBytes < 4) await sleep(20);
    expect(await look("copy", 2)).toMatchObject({ output: "e\n", outputBytes: 2 });
    await cancelJob(host.link, operation, "copy");
  });

  it("says what was killed, and what a restart of the host cut off", async () => {
    await submit("copy", "sleep 60");
    await untilIn("copy", "running");
    const [pid = ""] = readFileSync(file("copy", "started"), "utf8").split(" ");
    execFileSync("kill", ["-KILL", "--", `-${pid}`]);
    await untilIn("copy", "killed");
    writeFileSync(file("copy", "started"), `${pid} 1 00000000-0000-0000-0000-000000000000\n`);
    expect((await look("copy")).state.word).toBe("rebooted");
    writeFileSync(file("copy", "exit"), "0\n");
    expect((await look("copy")).state).toEqual({ word: "finished", exitCode: 0 });
  });

  it("cancels a job with all that it started, and it says so itself", async () => {
    await submit("copy", `sh -c 'echo $$ >${host.folder}/child; sleep 60; true'; true`);
    while (!existsSync(join(host.folder, "child"))) await sleep(20);
    const child = readFileSync(join(host.folder, "child"), "utf8").trim();
    await cancelJob(host.link, operation, "copy");
    expect((await untilIn("copy", "finished")).state).toEqual({ word: "finished", exitCode: 143 });
    // Who is dead and not buried yet is no child any more.
    const isAlive = () => isThere("grep", "-q", "^State:[[:space:]]*[^ZX[:space:]]", `/proc/${child}/status`);
    for (let tries = 0; isAlive() && tries < 50; tries++) await sleep(20);
    expect(isAlive()).toBe(false);
  });

  it("never begins what was cancelled before it came", async () => {
    expect((await cancelJob(host.link, operation, "stop")).state.word).toBe("never");
    expect((await submit("stop", `touch ${host.folder}/ran`)).state.word).toBe("never");
    await sleep(300);
    expect(existsSync(join(host.folder, "ran"))).toBe(false);
  });

  describe("what follows by itself", () => {
    const says = (word: string) => `echo ${word} >>${host.folder}/order`;
    const order = () => readFileSync(join(host.folder, "order"), "utf8").trim().split("\n");
    const layDown = (check: string) =>
      prepareJobs(host.link, operation, "anna@here", [
        { step: "stop", text: "", check: `true && exit ${holds}` },
        { step: "write", text: `cat "\${0%/*}/input" >>${host.folder}/order`, input: "it's\n$HOME\n", check },
        { step: "start", text: says("start") },
      ]);

    it("begins when the one before it is done and was checked", async () => {
      await layDown(`o=$(tail -n 1 ${host.folder}/order) && [ "$o" = '$HOME' ] && exit ${holds}`);
      expect((await look("start")).state.word).toBe("claimed");
      await submit("stop", says("stop"));
      await untilIn("start", "finished");
      expect(order()).toEqual(["stop", "it's", "$HOME", "start"]);
      expect((await look("write")).state).toEqual({ word: "finished", exitCode: 0, isChecked: true });
      expect((await look("start")).state).toEqual({ word: "finished", exitCode: 0 });
      expect(existsSync(file("write", "input"))).toBe(false);
    });

    it.each([
      ["the check says no", () => layDown(`false && exit ${holds}`)],
      ["half a check is left", () => layDown("true")],
      [
        "it was laid down before the host was started",
        async () => {
          await layDown(`exit ${holds}`);
          writeFileSync(file("start", "about"), `${operation}\nanna@here\n1\nanother-boot\n`);
        },
      ],
      [
        "it was cancelled",
        async () => {
          await layDown(`exit ${holds}`);
          await cancelJob(host.link, operation, "start");
        },
      ],
    ])("does not begin where %s", async (_, lay) => {
      await lay();
      await submit("stop", says("stop"));
      await untilIn("write", "finished");
      await sleep(300);
      expect(order()).toEqual(["stop", "it's", "$HOME"]);
      expect((await look("start")).state.word).toMatch(/claimed|never/);
    });
  });

  it("lets one of many operations hold a host, and names it to the others", async () => {
    await unlockHost(host.link, operation);
    const ids = Array.from({ length: 8 }, (_, n) => `20261121-1412-stop-web-000${n}`);
    const tries = await Promise.allSettled(
      ids.map((id) => lockHost(host.link, id, `${id}@there`, "Stop web")),
    );
    const winner = ids[tries.findIndex(({ status }) => status === "fulfilled")] ?? "";
    const losers = tries.filter((each) => each.status === "rejected");
    expect(losers).toHaveLength(7);
    for (const { reason } of losers) expect(reason.message).toContain(`held by ${winner}@there`);
    await expect(submit("stop", "true")).rejects.toThrow(`held by ${winner}@there`);
    await lockHost(host.link, winner, "again", "the same may take it again");
    await unlockHost(host.link, operation);
    expect((await surveyHost(host.link)).lock).toMatchObject({ operation: winner, title: "Stop web" });
  });

  it("lets one alone take a host over from a run of its own that died, also where another died of that", async () => {
    await unlockHost(host.link, operation);
    const dead = "20261121-1400-snapshot-web-0000";
    const bootId = readFileSync("/proc/sys/kernel/random/boot_id", "utf8");
    const start = readFileSync(`/proc/${process.pid}/stat`, "utf8").split(") ").at(-1)?.split(" ")[19];
    const claim = (n: number, pid: string) =>
      writeFileSync(join(host.folder, `freed.${dead}.${n}`), `${pid} ${bootId}`);
    writeFileSync(join(host.folder, "lock"), `${dead}\nschedule\nSnapshot web\n1795262400\n${bootId}`);
    claim(1, `${process.pid} 1`);
    claim(2, `${process.pid} ${start}`);
    await expect(lockHost(host.link, operation, "anna@here", "Restart web")).rejects.toThrow("own schedule");
    claim(2, "1 1");
    const ids = Array.from({ length: 8 }, (_, n) => `20261121-1412-stop-web-000${n}`);
    const tries = await Promise.allSettled(ids.map((id) => lockHost(host.link, id, "anna@here", "Stop web")));
    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const winner = ids[tries.findIndex(({ status }) => status === "fulfilled")];
    expect((await surveyHost(host.link)).lock?.operation).toBe(winner);
    expect(readdirSync(host.folder).filter((name) => name.startsWith("free"))).toEqual([]);
  });

  it("takes no lock away from what runs", async () => {
    await submit("copy", "sleep 60");
    await untilIn("copy", "running");
    await expect(unlockHost(host.link, operation)).rejects.toThrow("still runs");
    expect((await surveyHost(host.link)).lock?.operation).toBe(operation);
    await cancelJob(host.link, operation, "copy");
    await untilIn("copy", "finished");
    await unlockHost(host.link, operation);
    expect((await surveyHost(host.link)).lock).toBeUndefined();
    await expect(submit("more", "true")).rejects.toThrow("somebody took its lock away");
  });

  it("tells of every job, and of damaged records what is left", async () => {
    await submit("stop", "false");
    await untilIn("stop", "finished");
    await cancelJob(host.link, operation, "never");
    await submit("start", String.raw`true '\njob x'`);
    await untilIn("start", "finished");
    writeFileSync(file("start", "about"), "");
    const { jobs } = await surveyHost(host.link);
    expect(jobs).toMatchObject([
      {
        id: `${operation}.start`,
        operation: "",
        state: { word: "finished", exitCode: 0 },
        says: String.raw`true '\njob x'`,
      },
      {
        id: `${operation}.stop`,
        operation,
        owner: "anna@here",
        state: { word: "finished", exitCode: 1 },
        says: "false",
      },
    ]);
    expect(jobs[0]?.submittedAt).toBeUndefined();
  });

  it("forgets old jobs of other operations alone", async () => {
    const old = "20261101-1412-stop-web-x7k2";
    await submit("stop", "true");
    await untilIn("stop", "finished");
    await unlockHost(host.link, operation);
    await lockHost(host.link, old, "anna@here", "Stop web");
    await submit("stop", "true", old);
    await sleep(500);
    const longAgo = Date.now() / 1000 - 9 * 86_400;
    for (const of of [operation, old]) utimesSync(join(host.folder, "jobs", `${of}.stop`), longAgo, longAgo);
    await submit("start", "true", old);
    expect(existsSync(join(host.folder, "jobs", `${operation}.stop`))).toBe(false);
    expect(existsSync(join(host.folder, "jobs", `${old}.stop`))).toBe(true);
  });

  it("keeps what it knows to itself, and gives the job what it is used to", async () => {
    rmSync(host.folder, { recursive: true });
    await lockHost(host.link, operation, "anna@here", "Restart web");
    await submit("stop", "umask");
    expect((await untilIn("stop", "finished")).output).toBe("0022\n");
    const open = execFileSync("find", [host.folder, "-type", "d", "-perm", "/077"]).toString();
    expect(open).toBe("");
  });
});

describe.skipIf(process.getuid?.() !== 0)("on a full disk", () => {
  it("neither locks nor begins anything, and says why", async () => {
    const host = createLocalHost({ sizeBytes: 256 * 1024 });
    try {
      await lockHost(host.link, operation, "anna@here", "Restart web");
      const fill = () => isThere("sh", "-c", `cat /dev/zero >>${host.folder}/full`);
      fill();
      await expect(
        submitJob(host.link, {
          operation,
          step: "stop",
          owner: "anna@here",
          text: `touch ${host.folder}/ran`,
        }),
      ).rejects.toThrow(/submit.*(No space left|I\/O error)/s);
      await sleep(300);
      expect(existsSync(join(host.folder, "ran"))).toBe(false);
      await unlockHost(host.link, operation);
      fill();
      await expect(lockHost(host.link, operation, "anna@here", "Restart web")).rejects.toThrow(
        /lock.*(No space left|I\/O error)/s,
      );
      expect((await surveyHost(host.link)).lock).toBeUndefined();
      rmSync(join(host.folder, "full"));
      await lockHost(host.link, operation, "anna@here", "Restart web");
    } finally {
      host.close();
    }
  });

  it("says of a job that fills the disk itself that nobody knows how it ended", async () => {
    const host = createLocalHost({ sizeBytes: 512 * 1024 });
    try {
      await lockHost(host.link, operation, "anna@here", "Copy");
      await submitJob(host.link, {
        operation,
        step: "copy",
        owner: "anna@here",
        text: `cat /dev/zero >${host.folder}/full`,
      });
      for (let tries = 0; tries < 100; tries++) {
        const { state } = await lookAtJob(host.link, operation, "copy", 0);
        if (state.word === "killed") return;
        expect(state.word).toMatch(/claimed|running/);
        await sleep(50);
      }
      expect.unreachable("it never ended");
    } finally {
      host.close();
    }
  });
});
