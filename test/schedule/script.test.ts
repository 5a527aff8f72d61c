import { execFile, execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
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
  const script = join(top, "job");
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
  const text = toScript(work, { id, secretFile: () => join(top, "secret") })
    .replaceAll("/var/lib/scrap", join(top, "scrap"))
    .replaceAll("/run/scrap", join(top, "run"))
    .replace(/^patience=10$/m, "patience=1")
    .replaceAll("$T", top);
  writeFileSync(script, text, { mode: 0o755 });
  return {
    top,
    script,
    begin: (shell = "sh") =>
      new Promise<number>((resolve) =>
        execFile(shell, [script], (error) =>
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
    expect(await host.begin(shell)).toBe(0);
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

  it("is put right by its next run when it was killed, which the lock of a dead one does not hinder", async () => {
    const host = hostOf([make, step("wait", `test -e "$T/go" || { touch "$T/waits"; sleep 30; }`)]);
    const killed = spawn("sh", [host.script], { detached: true, stdio: "ignore" });
    await until(() => existsSync(join(host.top, "waits")));
    expect(host.isHeld()).toBe(true);
    process.kill(-(killed.pid ?? 0), "SIGKILL");
    await until(() => killed.exitCode !== null || killed.signalCode !== null);
    expect(host.made()).toHaveLength(1);
    writeFileSync(join(host.top, "go"), "");
    expect(await host.begin()).toBe(0);
    expect(host.did()).toEqual(["undo"]);
    expect(host.made()).toHaveLength(1);
    expect(host.runs()).toEqual([
      ["0", "done"],
      ["137", "it was cut off before its end"],
    ]);
    expect(host.isHeld()).toBe(false);
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
