import { expect, it } from "vitest";
import { records, type ScheduledJob } from "../../src/backends/backup/schedule/probes.ts";
import { backupsBySchedule, overdueSince, scheduledOn, scheduleFindings } from "../../src/model/scheduled.ts";
import { type HostState, newHost } from "../../src/model/state.ts";

const at = new Date("2026-11-21T14:00:00Z");
const hour = 3_600_000;

function hostWith(job: Partial<ScheduledJob>): HostState {
  const fact: readonly ScheduledJob[] = [
    {
      name: "web_backup_nas",
      service: "web",
      what: "backup",
      to: "nas",
      everyMs: hour,
      declared: "x",
      since: "2026-11-21T13:30:00Z",
      runs: [],
      ...job,
    },
  ];
  const schedule = {
    detection: { present: true as const },
    probes: [records],
    answers: new Map([[records.id, { status: "known" as const, fact, at }]]),
    previous: new Map(),
  };
  return { ...newHost("vps1"), backends: new Map([["schedule", schedule]]) };
}

const run = (hoursAgo: number, exitCode = 0, message = "done") => {
  const startedAt = new Date(at.getTime() - hoursAgo * hour).toISOString();
  return { id: "20261121-1200-backup-web-x7k2", startedAt, endedAt: startedAt, exitCode, message };
};

const said = (job: Partial<ScheduledJob>) =>
  scheduleFindings("web", [hostWith(job)]).map(({ message }) => message);

it("is no problem while it has time, and while its last run went well", () => {
  expect(said({})).toEqual([]);
  expect(said({ runs: [run(1.9)] })).toEqual([]);
  expect(said({ runs: [run(0.1), run(1, 1, "broken")] })).toEqual([]);
  expect(said({ service: "mail", runs: [run(9)] })).toEqual([]);
});

it("is a problem once it failed, or twice its time has gone by without a good run", () => {
  expect(said({ runs: [run(0.5, 1, "Back up to nas: exit 10"), run(1)] })).toEqual([
    "its backup to nas by schedule failed: Back up to nas: exit 10",
  ]);
  expect(said({ runs: [run(2.1)] })).toEqual([
    "its backup to nas by schedule is overdue: the last good one was at 2026-11-21 11:54 UTC",
  ]);
  expect(said({ since: "2026-11-21T08:00:00Z" })).toEqual([
    "its backup to nas by schedule is overdue: none went well so far",
  ]);
  const [job] = scheduledOn(hostWith({ runs: [run(2.5)] }));
  expect(job && overdueSince(job)).toEqual(new Date("2026-11-21T13:30:00Z"));
});

it("tells of the last good backup what is known of its repository without asking that", () => {
  const told = (job: Partial<ScheduledJob>) => backupsBySchedule("web", [hostWith(job)]);
  expect(told({ runs: [run(0.5, 1), run(1)] })).toEqual([
    { repository: "nas", newest: { at: "2026-11-21T13:00:00.000Z" } },
  ]);
  expect(told({ runs: [run(0.5, 1)] })).toEqual([]);
  expect(told({ what: "snapshot", runs: [run(1)] })).toEqual([]);
  expect(told({ service: "mail", runs: [run(1)] })).toEqual([]);
});
