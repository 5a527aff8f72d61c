import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createJournal, journalFile } from "../../src/journal/journal.ts";
import type { Event } from "../../src/journal/record.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { type RecordedLab, scrap } from "./harness.ts";

const folder = mkdtempSync(join(tmpdir(), "scrap-journal-"));
const lab: RecordedLab = {
  inventory: "hosts:\n  pi: {}\n  web1: { protected: true }",
  hosts: { pi: ["pi-healthy"] },
  journal: folder,
  columns: 110,
};

const planOf = (id: string, host = "pi"): Plan => ({
  format: 1,
  id,
  operation: "restart",
  title: `Restart web on ${host}`,
  madeAt: "2026-11-21T14:12:00Z",
  services: ["web"],
  hosts: [host],
  basis: [],
  onFailure: "stop",
  steps: [
    {
      kind: "run",
      id: "restart",
      title: "Restart web.service",
      effect: "interrupts",
      host,
      command: { argv: ["systemctl", "restart", "--", "web.service"] },
      timeoutMs: 1000,
    },
  ],
  notes: [],
});

const finished = "20261121-1410-restart-web-aaaa";
const cutOff = "20261121-1411-restart-web-bbbb";
const inDoubt = "20261121-1412-restart-web-cccc";

function write(id: string, ...events: readonly Event[]): void {
  const by = { user: "anna", machine: "jump", inventory: "/lab/inventory.yaml" };
  const journal = createJournal(folder, id, { kind: "plan", plan: planOf(id), by });
  for (const event of events) journal.append(event);
  journal.close();
}

const intent: Event = { kind: "intent", step: "restart", says: "systemctl restart -- web.service" };

beforeAll(() => {
  write(
    finished,
    { kind: "driving", pid: 1 },
    intent,
    { kind: "started", step: "restart" },
    { kind: "done", step: "restart" },
    { kind: "ended", outcome: "done", message: "Restart web on pi: done." },
  );
  write(cutOff, { kind: "driving", pid: 1 }, intent);
  write(inDoubt, { kind: "driving", pid: 1 }, intent, {
    kind: "ended",
    outcome: "in-doubt",
    message: "Nobody can know whether “Restart web.service” happened.",
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("journal", () => {
  it("lists what was done, the newest first", async () => {
    const { exitCode, stdout } = await scrap(lab, "journal");
    expect(stdout).toMatchInlineSnapshot(`
      "ID                              STATE       BEGUN  BY    WHAT
      20261121-1412-restart-web-cccc  ✖ in doubt  now    anna  Restart web on pi
      20261121-1411-restart-web-bbbb  ✖ cut off   now    anna  Restart web on pi
      20261121-1410-restart-web-aaaa  ● done      now    anna  Restart web on pi"
    `);
    expect(exitCode).toBe(0);
    expect((await scrap(lab, "journal", "-o", "name")).stdout.split("\n")).toEqual([
      inDoubt,
      cutOff,
      finished,
    ]);
  });

  it("is a document, too", async () => {
    const { operations } = JSON.parse((await scrap(lab, "journal", "--json")).stdout);
    expect(operations).toMatchObject([
      { id: inDoubt, state: "in-doubt", endedAt: expect.any(String) },
      { id: cutOff, state: "cut-off", endedAt: null, by: { user: "anna", machine: "jump" } },
      { id: finished, state: "done", hosts: ["pi"], services: ["web"] },
    ]);
  });

  it("shows one of them: who, when, word by word what, and how it ended", async () => {
    const { exitCode, stdout } = await scrap(lab, "journal", "show", "aaaa");
    expect(
      stdout.replaceAll(/\d\d:\d\d:\d\d/g, "14:12:07").replace(/jump, .*/, "jump"),
    ).toMatchInlineSnapshot(`
      "Restart web on pi
      20261121-1410-restart-web-aaaa, by anna on jump
      14:12:07 … Restart web.service
                 systemctl restart -- web.service
      14:12:07 ● Restart web.service (0 s)
      14:12:07 Restart web on pi: done."
    `);
    expect(exitCode).toBe(0);
    const lines = (await scrap(lab, "journal", "show", "aaaa", "--json")).stdout.split("\n");
    expect(lines.map((line) => JSON.parse(line).kind)).toEqual([
      "plan",
      "driving",
      "intent",
      "started",
      "done",
      "ended",
    ]);
  });

  it("says of what was cut off that nobody carries it out, and how it goes on", async () => {
    const { stderr } = await scrap(lab, "journal", "show", cutOff);
    expect(stderr).toBe(`Nobody carries ${cutOff} out any more.\nscrap resume ${cutOff}`);
  });

  it("knows what follows from what, and what was changed", async () => {
    expect(await scrap(lab, "journal", "verify")).toMatchObject({ exitCode: 0 });
    const file = journalFile(folder, finished);
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace("systemctl restart --", "systemctl stop --"));
    const { exitCode, stdout } = await scrap(lab, "journal", "verify");
    expect(exitCode).toBe(5);
    expect(stdout).toMatch(/✖.*aaaa.*:4: does not follow/);
    expect((await scrap(lab, "journal", "verify", "bbbb")).exitCode).toBe(0);
    expect((await scrap(lab, "journal")).stdout).toMatch(/aaaa\s+✖ unreadable/);
    expect((await scrap(lab, "status")).stdout).not.toContain(finished);
    writeFileSync(file, text);
    appendFileSync(file, '{"seq":7,');
    expect((await scrap(lab, "journal", "verify", "aaaa")).exitCode).toBe(0);
  });

  it.each([
    [["journal", "show", "20261121-14"], "There are 3 operations that begin or end with"],
    [["journal", "show", "dddd"], "There is no operation dddd"],
    [["journal", "show"], "Which operation?"],
    [["journal", "shwo", "aaaa"], "show"],
    [["resume", "bbbb", "--was-done", "restrat"], "has no step restrat"],
  ])("%j is a mistake that it explains", async (words, message) => {
    const { exitCode, stderr } = await scrap(lab, ...words);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });

  it("completes the ids of operations", async () => {
    for (const words of [
      ["resume", "2026"],
      ["cancel", "2026"],
      ["journal", "show", ""],
      ["unlock", "pi", ""],
    ])
      expect((await scrap(lab, "complete", "--", ...words)).stdout.split("\n")).toEqual([
        inDoubt,
        cutOff,
        finished,
      ]);
    expect((await scrap(lab, "complete", "--", "journal", "")).stdout).toBe("show\nverify");
  });
});

describe("status", () => {
  it("begins with what needs somebody", async () => {
    const { exitCode, stdout } = await scrap(lab, "status", "pi");
    expect(stdout.slice(stdout.indexOf("PROBLEMS"))).toMatchInlineSnapshot(`
      "PROBLEMS
      ✖ Restart web on pi  in doubt: Nobody can know whether “Restart web.service” happened. (now)
        scrap resume 20261121-1412-restart-web-cccc
      ✖ Restart web on pi  cut off at “Restart web.service”: nobody carries it out (now)
        scrap resume 20261121-1411-restart-web-bbbb"
    `);
    expect(exitCode).toBe(1);
  });

  it("is a document with it", async () => {
    const { exitCode, stdout } = await scrap(lab, "status", "pi", "--json");
    expect(JSON.parse(stdout).operations).toMatchObject([
      { id: inDoubt, word: "in-doubt", hosts: ["pi"] },
      { id: cutOff, word: "cut-off" },
    ]);
    expect(exitCode).toBe(1);
  });
});

describe("what has ended", () => {
  it("is neither resumed nor cancelled", async () => {
    const resumed = await scrap(lab, "resume", "aaaa");
    expect(resumed.stdout).toMatch(/^Restart web on pi: done already/);
    expect(resumed.exitCode).toBe(0);
    const cancelled = await scrap(lab, "cancel", "aaaa");
    expect(cancelled.stderr).toContain("nothing of it is left to cancel");
    expect(cancelled.exitCode).toBe(6);
  });
});

describe("apply", () => {
  const keep = (plan: unknown): string => {
    const file = join(folder, "plan.json");
    writeFileSync(file, typeof plan === "string" ? plan : JSON.stringify(plan));
    return file;
  };

  it("shows a plan that was kept, and needs consent for it", async () => {
    const file = keep(planOf("20261121-1413-restart-web-dddd"));
    const dry = await scrap(lab, "apply", file, "--dry-run");
    expect(dry.stdout).toContain("systemctl restart -- web.service");
    expect(dry.exitCode).toBe(8);
    const { exitCode, stderr } = await scrap(lab, "apply", file);
    expect(stderr).toContain("nobody consented");
    expect(exitCode).toBe(6);
  });

  it("says that a plan was carried out already, and begins none twice", async () => {
    const { exitCode, stdout } = await scrap(lab, "apply", keep(planOf(finished)), "--yes");
    expect(stdout).toMatch(/^Restart web on pi: done already/);
    expect(exitCode).toBe(0);
    const other = { ...planOf(finished), title: "Another one" };
    expect(await scrap(lab, "apply", keep(other), "--yes")).toMatchObject({
      exitCode: 6,
      stderr: expect.stringContaining("with another plan"),
    });
  });

  const another = planOf("20261121-1413-restart-web-eeee");
  it.each([
    ["no JSON", "{", 2, "cannot be read"],
    ["no plan", { format: 1 }, 2, "id"],
    ["a host that is unknown", planOf(another.id, "elsewhere"), 2, "no host elsewhere"],
    ["a protected host", planOf(another.id, "web1"), 6, "web1 is protected"],
    ["a host that it does not hold", { ...another, hosts: [] }, 2, "pi is not among the hosts"],
    ["what would drive a terminal", { ...another, title: "\x1b]0;mine\x07" }, 2, "no control characters"],
    ["a step of two names", { ...another, steps: [...another.steps, ...another.steps] }, 2, "two steps"],
  ])("refuses %s", async (_, plan, exitCode, message) => {
    expect(await scrap(lab, "apply", keep(plan), "--yes")).toMatchObject({
      exitCode,
      stderr: expect.stringContaining(message),
    });
  });
});
