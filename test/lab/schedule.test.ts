import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { patiently } from "./backup-ground.ts";
import { sshConfigFile } from "./paths.ts";
import { asOps } from "./planned.ts";
import { scrap } from "./scrap.ts";
import { sleep } from "./shell.ts";

/** Never to be seen anywhere but in the files that hold it. */
const canary = `canary-${Math.random().toString(36).slice(2)}`;
const folder = mkdtempSync(join(tmpdir(), "scrap-schedule-"));
process.env["XDG_STATE_HOME"] = join(folder, "state");
const passwordFile = join(folder, "password");
const pings: string[] = [];
/** What each ping is answered, and what processes were to be seen on its host meanwhile. */
let status = 200;
let processes = "";
const listener = createServer(async (request, answer) => {
  pings.push(request.url ?? "");
  if (status !== 200) processes = await root("ps -eo args");
  answer.writeHead(status).end("OK\n");
});

/** One host alone: what others do to theirs is nothing to it. */
const inventory = (more: string) => `version: 1
defaults: { sshConfig: ${sshConfigFile}, user: ops, become: sudo }
hosts:
  vps1: {}
services:
  schedule-lab:
    home: vps1
    runs: { unit: schedule-lab.service }
    data: [{ btrfs: /data/schedule-lab }]
    snapshots: { every: 6h, keep: { last: 2 }, ping: "http://10.77.0.1:8098/snapshot"${more} }
    backups: [{ to: schedule-lab, every: 1d, keep: { last: 1 }, ping: "http://10.77.0.1:8098/backup" }]
    hooks:
      beforeSnapshot: { command: [sh, -c, "cd /var/lib/schedule-lab; echo before >>hooks; while test -e slow; do sleep 1; done; ! test -e broken"], timeout: 5m }
      afterSnapshot: [sh, -c, "head -n 1 /var/lib/scrap/lock >/var/lib/schedule-lab/holder; echo after >>/var/lib/schedule-lab/hooks"]

repositories:
  schedule-lab: { restic: /data/schedule-lab-restic, password: "file:${passwordFile}" }
`;

const root = (script: string) => asOps("vps1", "sh", "-c", script);
const file = join(folder, "inventory.yaml");
const run = (...argv: readonly string[]) => patiently(file, ...argv);
const write = (more = "") => writeFileSync(file, inventory(more), { mode: 0o600 });

const unit = (what: string) => `scrap-schedule-lab_${what}.service`;
/** As its timer does, which needs nobody here. Others hold the host, too: it waits for them. */
const begin = (what: string) =>
  root(`systemctl start ${unit(what)}; systemctl show --value -p Result ${unit(what)}`);
/** Resolves once it has the host and is in the midst of its work. */
async function beginSlowly() {
  await hooks();
  await root(`systemctl start --no-block ${unit("snapshot")}`);
  const isAtIt = () =>
    root(
      "grep -q schedule-lab /var/lib/scrap/lock && grep -q before /var/lib/schedule-lab/hooks && echo yes; true",
    );
  for (let tries = 0; tries < 400 && (await isAtIt()) !== "yes"; tries += 1) await sleep(500);
}
const hooks = () => root("cat /var/lib/schedule-lab/hooks; : >/var/lib/schedule-lab/hooks");
const snapshots = () => root("ls /data/.scrap/schedule-lab 2>/dev/null; true");

interface Schedule {
  readonly what: string;
  readonly state: string;
  readonly last: { readonly id: string; readonly message: string } | null;
  readonly next: string | null;
}

async function listed(): Promise<Readonly<Record<string, Schedule>>> {
  const { stdout } = await run("schedule", "status", "schedule-lab", "--json");
  return Object.fromEntries(JSON.parse(stdout).schedules.map((each: Schedule) => [each.what, each]));
}

async function tearDown() {
  await root(`exec 2>/dev/null
systemctl disable --now schedule-lab.service scrap-schedule-lab_snapshot.timer scrap-schedule-lab_backup_schedule-lab.timer
systemctl stop 'scrap-schedule-lab_*'
rm -f /etc/systemd/system/*schedule-lab* /usr/local/lib/scrap/*schedule-lab* /var/lib/scrap-schedule/schedule-lab* /etc/scrap/schedule/schedule-lab*
rmdir /usr/local/lib/scrap /var/lib/scrap-schedule /etc/scrap/schedule /etc/scrap
for s in /data/.scrap/schedule-lab/* /data/schedule-lab; do btrfs -q subvolume delete "$s"; done
rmdir /data/.scrap/schedule-lab /data/.scrap
rm -rf /data/schedule-lab-restic /var/lib/schedule-lab /var/lib/scrap/jobs/*schedule-lab*
systemctl daemon-reload; systemctl reset-failed '*schedule-lab*'
true`);
}

beforeAll(async () => {
  writeFileSync(passwordFile, `${canary}\n`, { mode: 0o600 });
  await new Promise<void>((resolve) => listener.listen(8098, "10.77.0.1", resolve));
  await tearDown();
  await root(`set -e
btrfs -q subvolume create /data/schedule-lab; echo 1 >/data/schedule-lab/file; mkdir -p /var/lib/schedule-lab; : >/var/lib/schedule-lab/hooks
printf '[Service]\\nExecStart=/bin/sleep infinity\\n' >/etc/systemd/system/schedule-lab.service
systemctl daemon-reload; systemctl start schedule-lab`);
  write();
  await run("backup", "schedule-lab", "--init", "--yes");
  await hooks();
});
afterAll(async () => {
  listener.close();
  await tearDown();
});

// Others in the lab hold the host, too.
describe("a schedule", { retry: 0, timeout: 600_000 }, () => {
  it("is put on its host once, with a password that nobody sees", async () => {
    const first = await run("schedule", "install", "schedule-lab", "--yes");
    expect(first, first.stderr).toMatchObject({ exitCode: 0 });
    expect(first.stdout).toMatch(/password of schedule-lab lies on vps1 in \/etc\/scrap/);
    expect(first.stdout).not.toContain(canary);
    expect(await root("stat -c '%a %U' /etc/scrap/schedule/*schedule-lab.password")).toBe("600 root");
    const second = await run("schedule", "install", "schedule-lab", "--dry-run");
    expect(second).toMatchObject({ exitCode: 0 });
    expect(second.stdout).toMatch(/nothing to do/);
    const { snapshot, "backup to schedule-lab": backup } = await listed();
    expect(snapshot).toMatchObject({ state: "has not run yet", last: null });
    expect(Date.parse(backup?.next ?? "")).toBeGreaterThan(0);
  });

  it("makes what scrap itself would have made, tells of it, and never keeps more than is declared", async () => {
    for (let times = 0; times < 3; times += 1) expect(await begin("snapshot")).toBe("success");
    expect(await begin("backup_schedule-lab")).toBe("success");
    expect((await snapshots()).split("\n")).toHaveLength(2);
    expect((await hooks()).split("\n")).toEqual(Array(4).fill(["before", "after"]).flat());
    const { stdout } = await run("backups", "schedule-lab", "--json");
    expect(JSON.parse(stdout).backups).toMatchObject(
      Array(2).fill({ consistency: "app-consistent", host: "vps1" }),
    );
    const tags = JSON.parse((await run("snapshots", "schedule-lab", "--json")).stdout).snapshots;
    expect(tags).toMatchObject(Array(2).fill({ madeBy: "snapshot", consistency: "app-consistent" }));
    expect(pings.slice(-2)).toEqual(["/backup/start", "/backup"]);
    expect((await run("status", "vps1")).stdout).not.toContain("schedule-lab");
    const { snapshot } = await listed();
    expect(snapshot).toMatchObject({ state: "ok", last: { message: "done" } });
    // Whoever takes the host over could let it forget all of them.
    expect((await run("schedule", "status", "schedule-lab")).stdout).toMatch(
      /backup to schedule-lab: the schedule forgets nothing in schedule-lab.*: scrap prune schedule-lab --backups/,
    );
    // It was seen, and stays known.
    const { stdout: journal } = await run("journal", "-o", "name");
    const [month = ""] = journal.match(/.*-snapshot-schedule-lab-.*/) ?? [];
    const shown = (await run("journal", "show", month)).stdout;
    expect(shown).toContain(snapshot?.last?.id);
    expect(shown.match(/by the clock of vps1/g)).toHaveLength(3);
    expect((await run("journal", "verify")).exitCode).toBe(0);
    const pattern = `[c]${canary.slice(1)}`;
    expect(
      await root(
        `ps -eo args | grep -c '${pattern}'; journalctl -n 3000 | grep -c '${pattern}'; grep -rl '${pattern}' /var/lib/scrap /run/scrap /usr/local/lib/scrap /etc/systemd; true`,
      ),
    ).toBe("0\n0");
  });

  it("walks back when it fails, wakes what it put to rest, and is a problem until it goes well", async () => {
    await root("touch /var/lib/schedule-lab/broken");
    const before = await snapshots();
    expect(await begin("snapshot").catch(() => "failed")).not.toBe("success");
    expect(await hooks()).toBe("before\nafter");
    expect(await snapshots()).toBe(before);
    expect(pings.slice(-2)).toEqual(["/snapshot/start", "/snapshot/fail"]);
    const seen = await run("status", "vps1");
    expect(seen.exitCode).toBe(1);
    expect(seen.stdout).toMatch(
      /schedule-lab: its snapshot by schedule failed: Your command before the snapshot/,
    );
    // Once: its unit and its timer say the same.
    expect(seen.stdout.split("schedule-lab").length).toBeLessThanOrEqual(5);
    await root("rm /var/lib/schedule-lab/broken");
    status = 404;
    expect(await begin("snapshot")).toBe("success");
    status = 200;
    const { snapshot } = await listed();
    expect(snapshot?.last?.message).toMatch(/^done; its ping did not arrive: .*404/);
    // Whoever knows it can speak for us.
    const said = await root(
      `cat /var/lib/scrap-schedule/schedule-lab*; journalctl -n 3000 -u ${unit("snapshot")}`,
    );
    expect(said).not.toContain("8098/");
    expect(processes).toContain("scrap-schedule-lab_snapshot");
    expect(processes).not.toContain("8098/");
    expect((await run("status", "vps1")).stdout).not.toContain("schedule-lab");
  });

  it("never runs beside an operation, and what was killed is put right and holds nothing", async () => {
    await root("touch /var/lib/schedule-lab/slow");
    await beginSlowly();
    const refused = await scrap(["restart", "schedule-lab", "--yes"], file);
    expect(refused).toMatchObject({ exitCode: 6 });
    expect(refused.stdout + refused.stderr).toMatch(/held by its own schedule .*Snapshot schedule-lab/);
    // All of it at once, as by a power cut.
    const before = await snapshots();
    await root(`systemctl kill --signal=KILL ${unit("snapshot")}; rm /var/lib/schedule-lab/slow`);
    expect(await run("restart", "schedule-lab", "--yes")).toMatchObject({ exitCode: 0 });
    expect(await snapshots()).toBe(before);
    expect(await begin("snapshot")).toBe("success");
    expect(await hooks()).toBe("before\nafter\nbefore\nafter");
    expect(await root("sed -n 2p /var/lib/scrap-schedule/schedule-lab_snapshot.runs")).toMatch(
      /cut off before its end/,
    );
    // One alone: systemd lets it be put right at once.
    await root("touch /var/lib/schedule-lab/slow");
    await beginSlowly();
    await root(
      `kill -9 $(systemctl show -P MainPID ${unit("snapshot")}); rm /var/lib/schedule-lab/slow; for i in $(seq 20); do systemctl is-failed -q ${unit("snapshot")} && break; sleep 1; done`,
    );
    expect(await hooks()).toBe("before\nafter");
    const { snapshot } = await listed();
    expect(snapshot).toMatchObject({ state: "failed", last: { message: /cut off/ } });
    // Not under the lock of the dead one, which anybody may take.
    const holder = await root("cat /var/lib/schedule-lab/holder");
    expect(holder).toMatch(/-snapshot-schedule-lab-/);
    expect(holder).not.toBe(snapshot?.last?.id);
    expect(await root("ls /var/lib/scrap/jobs/*-snapshot-schedule-lab-*/script 2>/dev/null; true")).toBe("");
    expect(await begin("snapshot")).toBe("success");
  });

  it("is put right as what it was, though something else was put in its place since", async () => {
    await hooks();
    await root(`cd /var/lib/schedule-lab; touch slow; rm -f holder
setsid /usr/local/lib/scrap/scrap-schedule-lab_snapshot >/dev/null 2>&1 </dev/null & pid=$!
for i in $(seq 120); do grep -q before hooks && break; sleep 1; done
kill -9 -$pid; rm slow`);
    expect(await hooks()).toBe("before");
    // Its first step is another one then.
    write(", while: stopped");
    expect(await run("schedule", "install", "schedule-lab", "--yes")).toMatchObject({ exitCode: 0 });
    expect(await begin("snapshot")).toBe("success");
    expect(await hooks()).toBe("after\nbefore\nafter");
    expect(await root("systemctl is-active schedule-lab")).toBe("active");
    write();
    expect(await run("schedule", "install", "schedule-lab", "--yes")).toMatchObject({ exitCode: 0 });
  });

  it("says that something else is declared by now, and leaves nothing when it is removed", async () => {
    write(", while: stopped");
    expect((await listed())["snapshot"]).toMatchObject({ state: "differs" });
    expect(await run("schedule", "install", "schedule-lab", "--yes")).toMatchObject({ exitCode: 0 });
    // Stopped for that moment, and started again; what does not run stays as it is.
    expect(await begin("snapshot")).toBe("success");
    expect(await root("systemctl is-active schedule-lab")).toBe("active");
    await root("systemctl stop schedule-lab");
    expect(await begin("snapshot")).toBe("success");
    expect(await root("systemctl is-active schedule-lab; true")).toBe("inactive");
    expect(await run("schedule", "remove", "schedule-lab", "--yes")).toMatchObject({ exitCode: 0 });
    const left = await root(
      "ls -d /etc/systemd/system/*/*scrap-schedule-lab* /etc/systemd/system/scrap-schedule-lab* /usr/local/lib/scrap/*schedule-lab* /var/lib/scrap-schedule/schedule-lab* /etc/scrap/schedule/schedule-lab* 2>/dev/null; systemctl list-units --all 'scrap-schedule-lab*' --no-legend; ls /var/lib/systemd/timers | grep schedule-lab; true",
    );
    expect(left).toBe("");
    const again = await run("schedule", "remove", "schedule-lab", "--yes");
    expect(again).toMatchObject({ exitCode: 0 });
    expect(again.stdout).toMatch(/nothing to do/);
  });
});
