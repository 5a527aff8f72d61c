import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { claimDriver } from "../../src/journal/driver.ts";
import { journalFile, listJournals, readJournal } from "../../src/journal/journal.ts";
import { keepSeen, type SeenRun } from "../../src/journal/seen.ts";
import { byBeginning, sayStanding, standingOf, summarise } from "../../src/journal/standing.ts";
import { listUnfinished } from "../../src/journal/unfinished.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scrap-seen-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (day: string, hour: number, more: Partial<SeenRun> = {}): SeenRun => {
  const time = `${`${hour}`.padStart(2, "0")}:10`;
  return {
    id: `${day.replaceAll("-", "")}-${time.replace(":", "")}-snapshot-web-x7k2`,
    host: "vps1",
    service: "web",
    job: "web_snapshot",
    operation: "snapshot",
    title: "Snapshot web, on the schedule of vps1",
    startedAt: `${day}T${time}:00.000Z`,
    endedAt: `${day}T${time}:30.000Z`,
    exitCode: 0,
    message: "done",
    ...more,
  };
};
/** A host remembers the last 20. */
const hourly = (day: string, till: number) =>
  Array.from({ length: Math.min(till, 20) }, (_, n) => run(day, till - 1 - n));
const records = (id: string) => readJournal(folder, id).records;
const operationsOf = () =>
  listJournals(folder)
    .flatMap((id) => summarise(folder, id) ?? [])
    .toSorted(byBeginning)
    .map((each) => {
      const operation = "operation" in each ? each.operation : undefined;
      return `${sayStanding(standingOf(each, Date.now()))} ${operation?.plan.title} ${operation?.startedAt}`;
    });

it("keeps each run of a host's own once, a file for each job and month, which tells how the last one went", () => {
  keepSeen(folder, hourly("2026-11-20", 10));
  keepSeen(folder, hourly("2026-11-20", 24));
  keepSeen(folder, hourly("2026-11-20", 24));
  const failed = run("2026-12-01", 3, { exitCode: 1, message: "Do copy: exit 1" });
  const other = run("2026-12-01", 2, { job: "web_backup_nas", operation: "backup", title: "Back up web" });
  keepSeen(folder, [failed, other, ...hourly("2026-11-20", 24)]);
  expect(operationsOf()).toEqual([
    "failed Snapshot web, on the schedule of vps1, 2026-12 2026-12-01T03:10:00.000Z",
    "done Back up web, 2026-12 2026-12-01T02:10:00.000Z",
    "done Snapshot web, on the schedule of vps1, 2026-11 2026-11-20T23:10:00.000Z",
  ]);
  const id = listJournals(folder).at(-1) ?? "";
  expect(id).toMatch(/^20261101-0000-snapshot-web-/);
  expect(
    records(id).flatMap((record) => (record.kind === "ended" ? [record.run?.startedAt.slice(11, 13)] : [])),
  ).toEqual(Array.from({ length: 24 }, (_, hour) => `${hour}`.padStart(2, "0")));
  expect(listUnfinished(folder, undefined, Date.now())).toEqual([]);
  expect(readdirSync(folder)).toHaveLength(3);
});

it("goes on where it was cut off, and leaves it to whoever is at it", () => {
  keepSeen(folder, [run("2026-11-20", 1)]);
  const [id = ""] = listJournals(folder);
  const { wholeBytes } = readJournal(folder, id);
  keepSeen(folder, [run("2026-11-20", 2), run("2026-11-20", 1)]);
  truncateSync(journalFile(folder, id), wholeBytes + 20);
  const claim = claimDriver(folder, id);
  keepSeen(folder, [run("2026-11-20", 2), run("2026-11-20", 1)]);
  expect(records(id)).toHaveLength(2);
  claim.release();
  keepSeen(folder, [run("2026-11-20", 2), run("2026-11-20", 1)]);
  expect(records(id)).toHaveLength(3);
  writeFileSync(journalFile(folder, id), "");
  keepSeen(folder, [run("2026-11-20", 2)]);
  expect(records(id).map(({ kind }) => kind)).toEqual(["plan", "ended"]);
});
