import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { atRest } from "../../src/journal/at-rest.ts";
import { claimDriver, readDriver } from "../../src/journal/driver.ts";
import { followOperation } from "../../src/journal/follow.ts";
import {
  createJournal,
  type Journal,
  journalFile,
  openJournal,
  readJournal,
} from "../../src/journal/journal.ts";
import type { Event, JournalRecord, Outcome } from "../../src/journal/record.ts";
import { listUnfinished } from "../../src/journal/unfinished.ts";
import { createOperations } from "../../src/operate.ts";
import type { Plan } from "../../src/plan/plan.ts";

const id = "20261121-1412-restart-web-x7k2";
const inventory = "/home/anna/inventory.yaml";

const plan: Plan = {
  format: 1,
  id,
  operation: "restart",
  title: "Restart web",
  madeAt: "2026-11-21T14:12:00Z",
  services: ["web"],
  hosts: ["vps1"],
  basis: [],
  onFailure: "stop",
  steps: [
    {
      kind: "run",
      id: "restart",
      title: "Restart web.service",
      effect: "interrupts",
      host: "vps1",
      command: { argv: ["systemctl", "restart", "web.service"] },
      timeoutMs: 1000,
    },
  ],
  notes: [],
};

let top: string;
let folder: string;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), "scrap-journal-"));
  folder = join(top, "journal");
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

function begin(of = id, from = inventory): Journal {
  const by = { user: "anna", machine: "here", inventory: from };
  return createJournal(folder, of, { kind: "plan", plan: { ...plan, id: of }, by });
}

const intent: Event = { kind: "intent", step: "restart", says: "systemctl restart web.service" };
const ended = (outcome: Outcome): Event => ({ kind: "ended", outcome, message: `It is ${outcome}.` });
const kindsOf = (records: readonly JournalRecord[]) => records.map(({ kind }) => kind);
const file = () => journalFile(folder, id);

describe("a journal", () => {
  it("loses what was torn off at its end, and goes on from there", () => {
    const journal = begin();
    journal.append(intent);
    journal.close();
    appendFileSync(file(), '{"seq":3,"prev":"abc","at":"2026-11-21T14:1');
    expect(kindsOf(readJournal(folder, id).records)).toEqual(["plan", "intent"]);
    const again = openJournal(folder, id);
    again.append({ kind: "done", step: "restart" });
    again.close();
    expect(kindsOf(readJournal(folder, id).records)).toEqual(["plan", "intent", "done"]);
  });

  it.each([
    ["a changed word", (line: string) => line.replace("restart", "destroy")],
    ["a line that is no record", () => "null"],
    ["half a line", (line: string) => line.slice(0, 40)],
    ["a line that is gone", () => undefined],
  ])("is not believed with %s in its middle", (_, change) => {
    const journal = begin();
    journal.append(intent);
    journal.append({ kind: "started", step: "restart" });
    journal.close();
    const lines = readFileSync(file(), "utf8").split("\n");
    writeFileSync(
      file(),
      lines.flatMap((line, index) => (index === 1 ? (change(line) ?? []) : line)).join("\n"),
    );
    // A changed word shows in the line after it.
    for (const read of [readJournal, openJournal])
      expect(() => read(folder, id)).toThrow(/\.jsonl:[23]: .*\w/);
  });

  it("is begun once", () => {
    begin().close();
    expect(() => begin()).toThrow("was begun already");
  });

  it("is not kept where others may write, and is nobody else's to read", () => {
    begin().close();
    expect(execFileSync("find", [folder, "-perm", "/077"]).toString()).toBe("");
    chmodSync(folder, 0o777);
    expect(() => begin("20261121-1412-restart-web-0000")).toThrow("may be written by others");
    expect(() => openJournal(folder, id)).toThrow("may be written by others");
  });
});

describe.skipIf(process.getuid?.() !== 0)("on a full disk", () => {
  beforeEach(() => {
    mkdirSync(folder, { mode: 0o700 });
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=16k,mode=700", "none", folder]);
  });
  afterEach(() => execFileSync("umount", ["-l", folder]));

  it("nothing more is written, nothing is believed that is not whole, and with room it goes on", () => {
    const journal = begin();
    const text = "x".repeat(1500);
    let kept = 1;
    expect(() => {
      for (; ; kept += 1) journal.append({ kind: "observed", step: "restart", text });
    }).toThrow(/cannot be written.*(no space left|ENOSPC)/s);
    writeFileSync(join(top, "somewhere"), "");
    expect(() => journal.append(ended("done"))).toThrow(/cannot be written.*(no space left|ENOSPC)/s);
    journal.close();
    expect(readJournal(folder, id).records).toHaveLength(kept);
    execFileSync("mount", ["-o", "remount,size=64k", folder]);
    const again = openJournal(folder, id);
    again.append(ended("done"));
    expect(readJournal(folder, id).records).toHaveLength(kept + 1);
  });

  it("nothing is begun, and no half plan is left to resume", () => {
    writeFileSync(join(folder, "full"), "x".repeat(16 * 1024));
    expect(() => begin()).toThrow(/cannot be written/);
    expect(existsSync(file())).toBe(false);
  });
});

describe("who drives", () => {
  beforeEach(() => begin().close());

  it("is one process, and the other learns which", () => {
    const claim = claimDriver(folder, id);
    expect(() => claimDriver(folder, id)).toThrow(`process ${process.pid}`);
    expect(readDriver(folder, id)).toEqual({ pid: process.pid });
    claim.release();
    expect(readDriver(folder, id)).toBeUndefined();
    claimDriver(folder, id).release();
  });

  it("is nobody once that process is gone, even where its number is another one's now", async () => {
    const child = spawn("sleep", ["60"]);
    const claimed = join(folder, `${id}.driver`);
    writeFileSync(claimed, `${child.pid}`);
    // Alive, but it was started at another time than the one that claimed it.
    writeFileSync(claimed, `${child.pid} 1 00000000-0000-0000-0000-000000000000`);
    expect(readDriver(folder, id)).toBeUndefined();
    claimDriver(folder, id).release();
    child.kill("SIGKILL");
    await new Promise((resolve) => child.once("exit", resolve));
    writeFileSync(claimed, `${child.pid} 1 00000000-0000-0000-0000-000000000000`);
    claimDriver(folder, id).release();
    expect(existsSync(claimed)).toBe(false);
  });

  it("may be a process of another machine that shares the folder, and nobody judges it by a number of ours", () => {
    const claimed = join(folder, `${id}.driver`);
    writeFileSync(claimed, `${process.pid} 1 00000000-0000-0000-0000-000000000000 @other`);
    expect(readDriver(folder, id)).toEqual({ pid: process.pid, machine: "other" });
    expect(() => claimDriver(folder, id)).toThrow(`carried out on other, by process ${process.pid} there`);
    const nobody = () => expect.unreachable("nobody is told");
    const operations = createOperations({ folder, drivers: { start: nobody, wish: nobody } });
    expect(() => operations.cancel(id)).toThrow("carried out on other");
    // It has not said for long that it is alive.
    const before = new Date(Date.now() - 600_000);
    utimesSync(claimed, before, before);
    expect(readDriver(folder, id)).toBeUndefined();
    const claim = claimDriver(folder, id);
    expect(readDriver(folder, id)).toEqual({ pid: process.pid });
    expect(() => claim.expectOurs()).not.toThrow();
    // Who comes back late begins nothing any more, and takes away nobody's but their own.
    writeFileSync(claimed, `1 1 00000000-0000-0000-0000-000000000000 @other`);
    expect(() => claim.expectOurs()).toThrow("was taken over by somebody else");
    claim.release();
    expect(existsSync(claimed)).toBe(true);
  });
});

describe("who looks on", () => {
  const follow = async (signal = AbortSignal.timeout(20_000)) => {
    const seen: JournalRecord[] = [];
    const follower = { onRecord: (record: JournalRecord) => void seen.push(record), onOutput: () => {} };
    const operation = await followOperation(folder, id, follower, signal);
    return { seen, operation };
  };

  it("is told of each record once, over a line that was torn and cut away", async () => {
    const journal = begin();
    journal.append(intent);
    journal.close();
    const claim = claimDriver(folder, id);
    appendFileSync(file(), '{"seq":3,"prev":"x');
    const following = follow();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const again = openJournal(folder, id);
    again.append({ kind: "done", step: "restart" });
    again.append(ended("done"));
    again.close();
    claim.release();
    const { seen, operation } = await following;
    expect(kindsOf(seen)).toEqual(["plan", "intent", "done", "ended"]);
    expect(operation?.ended?.outcome).toBe("done");
  });

  it("is told when somebody changed what was written", async () => {
    const journal = begin();
    journal.append(ended("done"));
    journal.close();
    writeFileSync(file(), readFileSync(file(), "utf8").replace("done", "dune"));
    appendFileSync(file(), "{}\n");
    await expect(follow()).rejects.toThrow(/:3/);
  });
});

describe("a service that does not run", () => {
  const done = (verb: string, outcome: Outcome = "done", service = "web", from = inventory) => {
    const of = `20261121-1412-${verb}-${service}-${randomBytes(2).toString("hex")}`;
    const by = { user: "anna", machine: "here", inventory: from };
    const its = { ...plan, id: of, operation: verb, services: [service] };
    const journal = createJournal(folder, of, { kind: "plan", plan: its, by });
    journal.append(ended(outcome));
    journal.close();
  };

  it("was stopped on purpose where that was the last that was done with it", async () => {
    const rest = () => atRest(folder, inventory, "web");
    expect(rest()).toBeUndefined();
    done("stop");
    expect(rest()).toMatch(/^stopped on purpose by anna on here, 20\d\d-/);
    for (const step of [
      () => done("start", "refused"),
      () => done("start", "done", "web-two"),
      () => done("restart", "done", "web", "/home/ben/inventory.yaml"),
    ]) {
      await sleep(2);
      step();
      expect(rest()).toBeDefined();
    }
    await sleep(2);
    done("restart");
    expect(rest()).toBeUndefined();
    await sleep(2);
    done("stop", "in-doubt");
    expect(rest()).toBeUndefined();
  });
});

describe("what needs somebody", () => {
  // Nobody has just begun any of them.
  const later = Date.now() + 60_000;
  const idOf = (n: number) => `20261121-141${n}-restart-web-x7k2`;

  it("is what was cut off, what is in doubt and what cannot be read, the newest first, and then what was stopped, of that inventory", () => {
    const outcomes: readonly (Outcome | undefined)[] = [
      "done",
      undefined,
      "in-doubt",
      "walked-back",
      "stopped",
      "refused",
    ];
    for (const [n, outcome] of outcomes.entries()) {
      const journal = begin(idOf(n));
      journal.append(intent);
      if (outcome) journal.append(ended(outcome));
      journal.close();
    }
    begin(idOf(7), "/home/ben/inventory.yaml").close();
    begin(idOf(8)).close();
    writeFileSync(journalFile(folder, idOf(8)), "{}\n");
    begin(idOf(9)).close();
    const claim = claimDriver(folder, idOf(9));
    expect(listUnfinished(folder, inventory, later)).toMatchObject([
      { id: idOf(8), word: "broken" },
      { id: idOf(2), word: "in-doubt", message: "It is in-doubt.", title: "Restart web", hosts: ["vps1"] },
      { id: idOf(1), word: "cut-off", message: expect.stringContaining("Restart web.service") },
      { id: idOf(4), word: "stopped", message: "It is stopped." },
    ]);
    // It was done since.
    const again = begin("20261121-1420-restart-web-x7k2");
    again.append(ended("done"));
    again.close();
    expect(listUnfinished(folder, inventory, later).map(({ word }) => word)).not.toContain("stopped");
    claim.release();
    expect(listUnfinished(folder, inventory, later)[0]).toMatchObject({
      id: idOf(9),
      message: expect.stringContaining("before its first step"),
    });
    expect(listUnfinished(join(top, "nowhere"), inventory, later)).toEqual([]);
  });
});
