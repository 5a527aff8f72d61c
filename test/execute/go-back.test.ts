import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { carryOut } from "../../src/execute/carry-out.ts";
import type { Hands } from "../../src/execute/hands.ts";
import { createJournal } from "../../src/journal/journal.ts";
import type { LocalStep, Step, WaitStep } from "../../src/plan/plan.ts";
import { planOf } from "../plan-of.ts";

const local = (id: string, more: Partial<LocalStep> = {}): LocalStep => ({
  kind: "local",
  id,
  title: id,
  effect: "changes",
  argv: [id],
  cwd: "/",
  timeoutMs: 1_000,
  ...more,
});

const look = (undo: readonly Step[]): WaitStep => ({
  kind: "wait",
  id: "look",
  title: "look",
  effect: "reads",
  host: "h",
  until: [],
  everyMs: 1,
  timeoutMs: 1_000,
  undo,
});

/** Carries a plan out of which the step `fails` does, and tells what was run. */
async function attempt(steps: readonly Step[]) {
  const plan = planOf({ steps });
  const ran: string[] = [];
  const journal = createJournal(mkdtempSync(join(tmpdir(), "scrap-back-")), plan.id, {
    kind: "plan",
    plan,
    by: { user: "ann", machine: "jump" },
  });
  const hands: Hands = {
    transport: { link: () => ({ state: () => ({ status: "idle" }) }) } as never,
    journal,
    owner: "ann@jump",
    runLocal: async ([program]) => {
      ran.push(program);
      return program === "fails" ? 1 : 0;
    },
    onOutput: () => {},
    asked: () => undefined,
    patienceMs: 1_000,
  };
  const { outcome, message } = await carryOut(hands);
  journal.close();
  return { ran, outcome, end: message.split("\n").slice(-2) };
}

test("a step that only looks may hold the way back of what comes after it, and it is walked last", async () => {
  const steps = [
    look([local("start-old")]),
    local("stop-old", { undo: [] }),
    local("start-new", { undo: [local("put-data-back", { keeps: ["/data/web_aside on h"] })] }),
    local("fails", { undo: [] }),
  ];
  expect(await attempt(steps)).toEqual({
    ran: ["stop-old", "start-new", "fails", "put-data-back", "start-old"],
    outcome: "walked-back",
    end: ["All that was changed was put back.", "Kept, until you take it away: /data/web_aside on h"],
  });
});

test("where nothing was done yet, nothing is undone", async () => {
  const steps = [look([local("start-old")]), { ...local("fails"), effect: "reads" as const }, local("later")];
  expect(await attempt(steps)).toMatchObject({ ran: ["fails"], outcome: "unchanged" });
});

test("what nothing leads back from is told", async () => {
  const steps = [local("dump"), local("stop", { undo: [local("start")] }), local("fails")];
  expect((await attempt(steps)).end.at(-1)).toContain("Nothing leads back from “dump”");
});
