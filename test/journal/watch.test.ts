import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { claimDriver } from "../../src/journal/driver.ts";
import { createJournal, openJournal } from "../../src/journal/journal.ts";
import { isUnfinished, standingOf } from "../../src/journal/standing.ts";
import { type JournalWatch, watchJournals } from "../../src/journal/watch.ts";
import type { Plan } from "../../src/plan/plan.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scrap-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

const planOf = (id: string): Plan => ({
  format: 1,
  id,
  operation: "restart",
  title: `Restart ${id}`,
  madeAt: "2026-11-21T14:12:00Z",
  services: [],
  hosts: ["vps1"],
  basis: [],
  onFailure: "stop",
  steps: [],
  notes: [],
});

const by = { user: "olaf", machine: "jump" };
const begin = (id: string) => createJournal(folder, id, { kind: "plan", plan: planOf(id), by });

function watch(): JournalWatch {
  const watching = watchJournals(folder);
  onTestFinished(watching.stop);
  return watching;
}

const standings = ({ operations }: JournalWatch) =>
  Object.fromEntries(operations().map((each) => [each.id, standingOf(each, Date.now() + 60_000)]));

it("sees what others begin, carry out and end, and what nobody carries out", async () => {
  begin("20261121-1412-before").close();
  const watching = watch();
  const changed = vi.fn();
  watching.subscribe(changed);
  await vi.waitFor(() => expect(standings(watching)).toEqual({ "20261121-1412-before": "cut-off" }));
  const journal = begin("20261121-1413-while");
  const claim = claimDriver(folder, "20261121-1413-while");
  journal.append({ kind: "driving", pid: process.pid });
  await vi.waitFor(() => expect(standings(watching)["20261121-1413-while"]).toBe("running"), 5_000);
  expect(watching.operations().map(({ id }) => id)).toEqual(["20261121-1413-while", "20261121-1412-before"]);
  const before = watching.operations();
  journal.append({ kind: "ended", outcome: "done", message: "done" });
  claim.release();
  await vi.waitFor(() => expect(standings(watching)["20261121-1413-while"]).toBe("done"), 5_000);
  expect(watching.operations()).not.toBe(before);
  expect(changed).toHaveBeenCalled();
});

it("sees one that is gone on with, long after it ended", async () => {
  const id = "20261121-1412-stopped";
  const journal = begin(id);
  journal.append({ kind: "ended", outcome: "stopped", message: "stopped" });
  journal.close();
  const watching = watch();
  await vi.waitFor(() => expect(standings(watching)).toEqual({ [id]: "stopped" }));
  const claim = claimDriver(folder, id);
  const again = openJournal(folder, id);
  again.append({ kind: "driving", pid: process.pid });
  await vi.waitFor(() => expect(standings(watching)).toEqual({ [id]: "running" }), 5_000);
  again.close();
  claim.release();
});

it("is silent while nothing changes", async () => {
  begin("20261121-1412-done").close();
  const watching = watch();
  await vi.waitFor(() => expect(watching.operations()).toHaveLength(1));
  const before = watching.operations();
  const changed = vi.fn();
  watching.subscribe(changed);
  watching.look();
  await new Promise((done) => setTimeout(done, 400));
  expect(changed).not.toHaveBeenCalled();
  expect(watching.operations()).toBe(before);
});

it("keeps what is unfinished, however much was done since", async () => {
  begin("20261101-0000-left").close();
  for (let n = 0; n < 230; n++) {
    const journal = begin(`20261121-${1000 + n}-done`);
    if (n > 0) journal.append({ kind: "ended", outcome: "done", message: "done" });
    journal.close();
  }
  const watching = watch();
  await vi.waitFor(() => expect(watching.operations().length).toBeGreaterThan(0), 10_000);
  const left = watching.operations().filter((each) => isUnfinished(standingOf(each, Date.now() + 60_000)));
  expect(left.map(({ id }) => id)).toEqual(["20261121-1000-done", "20261101-0000-left"]);
  expect(watching.operations()).toHaveLength(202);
});
