import { execFile, execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { Service } from "../../src/inventory/service.ts";
import type { RunStep } from "../../src/plan/plan.ts";
import { toScript, type Work } from "../../src/schedule/script.ts";
import { goneTag, idOf } from "../../src/schedule/shell.ts";

const id = idOf("snapshot", "web");
const tops: string[] = [];
afterEach(() => {
  for (const top of tops.splice(0)) rmSync(top, { recursive: true, force: true });
});

const step = (id: string, script: string, rest: Partial<RunStep> = {}): RunStep => ({
  kind: "run",
  id,
  title: `Do ${id}`,
  effect: "changes",
  host: "here",
  command: { argv: ["sh", "-c", script] },
  timeoutMs: 20_000,
  ...rest,
});

/** This machine as a host, with all of ours in a folder of its own. `$T` in a script is that folder. */
function hostOf(steps: readonly RunStep[], more: Partial<Work> = {}, everyMs = 20_000) {
  const top = mkdtempSync(join(tmpdir(), "scrap-schedule-"));
  tops.push(top);
  mkdirSync(join(top, "scrap-schedule"));
  mkdirSync(join(top, "made"));
  mkdirSync(join(top, "bin"));
  const script = join(top, "job");
  const write = (steps: readonly RunStep[]) =>
    writeFileSync(script, toText(top, steps, more, everyMs), { mode: 0o755 });
  write(steps);
  const env = { ...process.env, PATH: `${join(top, "bin")}:${process.env["PATH"]}` };
  return {
    top,
    script,
    env,
    /** Anew, with other steps. */
    write,
    /** What is found under that name before all else. */
    put: (name: string, text: string) =>
      writeFileSync(join(top, "bin", name), `#!/bin/sh\n${text.replaceAll("$T", top)}\n`, { mode: 0o755 }),
    begin: (...args: readonly string[]) =>
      new Promise<number>((resolve) =>
        execFile("sh", [script, ...args], { env }, (error) =>
          resolve(typeof error?.code === "number" ? error.code : error ? 70 : 0),
        ),
      ),
    runs: () =>
      readFileSync(join(top, "scrap-schedule/web_snapshot.runs"), "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => line.split("\t").slice(3)),
    made: () => readdirSync(join(top, "made")).sort(),
    isHeld: () => existsSync(join(top, "scrap/lock")),
    did: () =>
      existsSync(join(top, "did")) ? readFileSync(join(top, "did"), "utf8").trimEnd().split("\n") : [],
  };
}

function toText(top: string, steps: readonly RunStep[], more: Partial<Work>, everyMs: number): string {
  const work: Work = {
    job: {
      service: { name: "web" } as Service,
      name: "web_snapshot",
      what: "snapshot",
      everyMs,
      declared: "",
    },
    host: "here",
    ways: [{ when: [], steps }],
    secrets: [],
    notes: [],
    ...more,
  };
  return toScript(work, { id, secretFile: () => join(top, "secret") })
    .replaceAll("/var/lib/scrap", join(top, "scrap"))
    .replaceAll("/run/scrap", join(top, "run"))
    .replace(/^patience=10$/m, "patience=1")
    .replaceAll("$T", top);
}

const make = step("make", `touch "$T/made/${id}"`, {
  done: {
    kind: "command",
    title: "it is there",
    host: "here",
    command: { argv: ["test", "-e", `$T/made/${id}`] },
    expect: { exitCode: 0 },
  },
  undo: [step("undo-make", `rm "$T/made/${id}"; echo undo >>"$T/did"`)],
});

const until = async (holds: () => boolean) => {
  for (let tries = 0; tries < 200 && !holds(); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
};

const shells = ["dash", "bash"].filter((shell) => {
  try {
    return execFileSync("sh", ["-c", `command -v ${shell}`]).length > 0;
  } catch {
    return false;
  }
});

describe("a job of a host's own", () => {
  it.each(shells)("does its work, gives the host back and leaves a record, in %s", async (shell) => {
    const host = hostOf([make]);
    symlinkSync(
      execFileSync("sh", ["-c", `command -v ${shell}`], { encoding: "utf8" }).trim(),
      join(host.top, "bin/sh"),
    );
    expect(await host.begin()).toBe(0);
    expect(host.made()).toEqual([expect.stringMatching(/^\d{8}-\d{4}-snapshot-web-[0-9a-f]{4}$/)]);
    expect(host.runs()).toEqual([["0", "done"]]);
    expect(host.isHeld()).toBe(false);
  });

  it("fails where a tool says so in its output, in spite of its exit code, and walks back", async () => {
    const host = hostOf([
      make,
      step("copy", "echo summary; echo 'error: half of it'", {
        output: { must: "^summary", mustNot: "^error" },
      }),
    ]);
    expect(await host.begin()).toBe(1);
    expect(host.made()).toEqual([]);
    expect(host.runs()).toEqual([["1", "Do copy: exit 0, but it tells of a failure; error: half of it"]]);
    expect(host.isHeld()).toBe(false);
  });

  it("goes on to wake what it put to rest once nothing leads back, and has failed all the same", async () => {
    const host = hostOf([
      make,
      step("turn", "true", { commit: true }),
      step("start", "exit 3"),
      step("after", 'echo after >>"$T/did"'),
    ]);
    expect(await host.begin()).toBe(1);
    expect(host.did()).toEqual(["after"]);
    expect(host.made()).toHaveLength(1);
    expect(host.runs()).toEqual([["1", "Do start: exit 3"]]);
  });

  /** Killed in the midst of its work: it made something, and holds its host. */
  async function killed(more: readonly RunStep[] = []) {
    const host = hostOf([make, ...more, step("wait", `test -e "$T/go" || { touch "$T/waits"; sleep 30; }`)]);
    const run = spawn("sh", [host.script], { detached: true, stdio: "ignore", env: host.env });
    await until(() => existsSync(join(host.top, "waits")));
    expect(host.isHeld()).toBe(true);
    process.kill(-(run.pid ?? 0), "SIGKILL");
    await until(() => run.exitCode !== null || run.signalCode !== null);
    expect(host.made()).toHaveLength(1);
    writeFileSync(join(host.top, "go"), "");
    return host;
  }

  it("is put right by its next run when it was killed, which the lock of a dead one does not hinder", async () => {
    const host = await killed();
    expect(await host.begin()).toBe(0);
    expect(host.did()).toEqual(["undo"]);
    expect(host.made()).toHaveLength(1);
    expect(host.runs()).toEqual([
      ["0", "done"],
      ["137", "it was cut off before its end"],
    ]);
    expect(host.isHeld()).toBe(false);
  });

  it("is put right as what it was, whatever was put in the place of its program meanwhile", async () => {
    const host = await killed();
    host.write([step("other", "true", { undo: [step("undo-other", 'echo other >>"$T/did"')] }), make]);
    expect(await host.begin()).toBe(0);
    expect(host.did()).toEqual(["undo"]);
    expect(host.made()).toHaveLength(1);
  });

  it("is put right under a lock of its own that nobody takes for one of the dead", async () => {
    const says = 'head -n 1 "$T/scrap/lock" >>"$T/did"';
    const host = await killed([step("more", "true", { undo: [step("undo-more", says)] })]);
    const dead = readFileSync(join(host.top, "scrap/lock"), "utf8").split("\n")[0];
    expect(await host.begin("mend")).toBe(0);
    const [holder] = host.did();
    expect(holder).toMatch(/^\d{8}-\d{4}-snapshot-web-/);
    expect(holder).not.toBe(dead);
    expect(host.made()).toEqual([]);
    expect(host.runs()).toEqual([["137", "it was cut off before its end"]]);
    expect(host.isHeld()).toBe(false);
    expect(await host.begin("mend")).toBe(0);
    expect(host.runs()).toHaveLength(1);
  });

  it("has given the host back when it says that it is over, and nobody takes it from one that is alive", async () => {
    const host = hostOf([make], {}, 1);
    host.put(
      "mv",
      'case $2 in */exit) test -e "$T/scrap/lock" && echo held >>"$T/did" ;; esac; exec /bin/mv "$@"',
    );
    expect(await host.begin()).toBe(0);
    expect(host.did()).toEqual([]);
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const start = readFileSync(`/proc/${process.pid}/stat`, "utf8").split(") ").at(-1)?.split(" ")[19];
    const other = join(host.top, "scrap/jobs/20261121-1200-snapshot-db-0000.run");
    mkdirSync(other);
    writeFileSync(join(other, "started"), `${process.pid} ${start} ${boot}\n`);
    writeFileSync(join(other, "exit"), "0\n");
    writeFileSync(
      join(host.top, "scrap/lock"),
      `20261121-1200-snapshot-db-0000\nschedule\nSnapshot db\n1795262400\n${boot}\n`,
    );
    expect(await host.begin()).toBe(75);
    writeFileSync(join(other, "started"), `${process.pid} 1 ${boot}\n`);
    expect(await host.begin()).toBe(0);
  }, 30_000);

  it("shows nobody where it tells how it went", async () => {
    const host = hostOf([make]);
    const text = readFileSync(host.script, "utf8");
    writeFileSync(host.script, text.replace(/^ping=.*$/m, "ping='https://hc.example/uuid'"));
    host.put(
      "curl",
      'echo "$@" >>"$T/args"; cat >>"$T/said"; echo "curl: (7) https://hc.example/uuid: no route" >&2; exit 7',
    );
    expect(await host.begin()).toBe(0);
    expect(readFileSync(join(host.top, "args"), "utf8")).not.toContain("uuid");
    expect(readFileSync(join(host.top, "said"), "utf8")).toBe(
      'url = "https://hc.example/uuid/start"\nurl = "https://hc.example/uuid"\n',
    );
    expect(host.runs()).toEqual([["0", "done; its ping did not arrive: curl: (7) its address no route"]]);
  });

  it("gives up where somebody else holds the host all the time, and says who", async () => {
    const host = hostOf([make], {}, 1);
    mkdirSync(join(host.top, "scrap"));
    writeFileSync(
      join(host.top, "scrap/lock"),
      "20261121-1200-upgrade-web-x7k2\nanna@desk\nUpgrade web\n1795262400\nboot\n",
    );
    expect(await host.begin()).toBe(75);
    expect(host.made()).toEqual([]);
    expect(host.runs()[0]?.[1]).toMatch(/held all the time: Upgrade web \(20261121-1200-upgrade-web-x7k2\)/);
    expect(host.isHeld()).toBe(true);
  }, 30_000);

  it("takes the way for what runs only while it runs", async () => {
    const runs = {
      kind: "command",
      title: "it runs",
      host: "here",
      command: { argv: ["test", "-e", "$T/runs"] },
      expect: { exitCode: 0 },
    } as const;
    const host = hostOf([], {
      ways: [
        { when: [runs], steps: [step("stop", 'echo stop >>"$T/did"'), make] },
        { when: [], steps: [make] },
      ],
    });
    await host.begin();
    expect(host.did()).toEqual([]);
    writeFileSync(join(host.top, "runs"), "");
    await host.begin();
    expect(host.did()).toEqual(["stop"]);
  });

  it("lets old ones go, each by its name, and tells where that fails", async () => {
    const host = hostOf([make], {
      prune: {
        keep: { last: 1 },
        places: 1,
        before: [],
        listings: [step("list", 'cd "$T/made"; for f in *; do echo "scrap-$f.crash"; done')],
        destroy: [step("destroy", `test ! -e "$T/stuck" && echo ${goneTag} >>"$T/did"`)],
        after: [],
      },
    });
    writeFileSync(join(host.top, "made/20200101-0000-snapshot-web-aaaa"), "");
    expect(await host.begin()).toBe(0);
    expect(host.did()).toEqual(["scrap-20200101-0000-snapshot-web-aaaa.crash"]);
    writeFileSync(join(host.top, "stuck"), "");
    expect(await host.begin()).toBe(1);
    expect(host.runs()[0]?.[1]).toMatch(/what it was for is done, but the old snapshots could not be pruned/);
    expect(host.made().length).toBeGreaterThan(2);
  });

  it("says nothing that a shell would read as more than a word", async () => {
    const nasty = `a'b"c$(touch $T/made/canary)\`touch $T/made/canary\`\\`;
    const host = hostOf([
      {
        ...step("x", "true"),
        title: nasty,
        command: { argv: ["echo", nasty, "-n"] },
        output: { must: "^a'b\"c\\$\\(touch" },
      },
    ]);
    expect(await host.begin()).toBe(0);
    expect(host.made()).toEqual([]);
  });
});
