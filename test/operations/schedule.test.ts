import { describe, expect, it } from "vitest";
import type { Ground } from "../../src/operations/ground.ts";
import { planSchedule } from "../../src/operations/schedule.ts";
import { planUnschedule } from "../../src/operations/unschedule.ts";
import { parsePlan } from "../../src/plan/parse-plan.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { describeStep } from "../../src/plan/text.ts";
import { type Answers, groundOf, play } from "./played.ts";

const web = (more: string) => `
hosts: { vps1: , nas: }
services:
  web:
    home: vps1
    runs: { unit: web.service }
    ${more.trim()}`;

const data = "data: [{ btrfs: /data/web }]";
const host: Answers = [
  ["readlink -f -- ", "/data/web\n"],
  ["btrfs subvolume show ", "web\n\tName: \t\t\tweb\n"],
  ["findmnt -J ", 1],
  ["btrfs subvolume list -o ", ""],
  ["systemd-run --version", "systemd 257\n"],
  ["sha256sum ", 1],
  ["stat ", 1],
  ["test -d /run/systemd/system", ""],
  ["systemctl is-", 1],
  ["test -e /etc/systemd/system/scrap-", ""],
];
const withJobs = (ground: Ground, ...names: readonly (readonly [string, string])[]): Ground => {
  const scheduled = names.map(([service, name]) => ({
    ...{ service, name, what: "snapshot", everyMs: 3_600_000, declared: "x", since: "2026-11-20T10:00:00Z" },
    ...{ runs: [], host: "vps1", seenAt: ground.now },
  }));
  const hosts = ground.homelab.hosts.map((known) => ({ ...known, scheduled }));
  return { ...ground, homelab: { ...ground.homelab, hosts } };
};
const request = { verb: "schedule", name: "web", names: ["web"] } as const;
const units = { "web.service": "active" };

const outline = ({ steps }: Plan) => steps.map((step) => `${step.effect} ${describeStep(step)}`);
const scriptOf = ({ steps }: Plan) => {
  const step = steps.find(({ kind }) => kind === "upload");
  return step?.kind === "upload" && "text" in step.source ? step.source.text : "";
};

describe("scrap schedule install", () => {
  it("writes a script and units, lets systemd know, and every step leads back", async () => {
    const ground = await groundOf(web(`${data}\n    snapshots: { every: 6h, keep: { daily: 7 } }`), units);
    const plan = play(planSchedule(request, ground), [...host]);
    expect(parsePlan(JSON.parse(JSON.stringify(plan)), "a test")).toEqual(plan);
    expect(outline(plan).map((line) => line.replace(/\d+ bytes/, "N bytes"))).toMatchInlineSnapshot(`
      [
        "changes /usr/local/lib/scrap/scrap-web_snapshot (0700) N bytes",
        "changes /var/lib/scrap-schedule/web_snapshot (0644) N bytes",
        "changes /etc/systemd/system/scrap-web_snapshot.service (0644) N bytes",
        "changes /etc/systemd/system/scrap-web_snapshot.timer (0644) N bytes",
        "changes systemctl daemon-reload",
        "changes systemctl enable --now -- scrap-web_snapshot.timer",
      ]
    `);
    expect(plan.steps.every(({ undo }) => undo !== undefined)).toBe(true);
    expect(plan.notes).toMatchInlineSnapshot(`
      [
        "The snapshot of web runs on vps1 at 00/6:10, by the clock of vps1.",
      ]
    `);
    expect(scriptOf(plan)).toMatch(
      /btrfs subvolume snapshot -r -- \/data\/web \/data\/\.scrap\/web\/scrap-"\$id"\.crash/,
    );
    // What one host does without us nobody here has filled in.
    expect(scriptOf(plan)).not.toMatch(/19700101|1970/);
  });

  it("takes what is declared no longer off again, last", async () => {
    const ground = await groundOf(web(`${data}\n    snapshots: { every: 6h, keep: { daily: 7 } }`), units);
    const plan = play(planSchedule(request, withJobs(ground, ["web", "web_old"])), host);
    expect(plan.steps.slice(-3).map(({ title }) => title)).toEqual([
      "Stop scrap-web_old.timer, after each boot too",
      "Take the files of the snapshot away",
      "Let systemd on vps1 read its files anew",
    ]);
  });

  it("stops what runs for its snapshot, and starts nothing that does not run", async () => {
    const ground = await groundOf(web(`${data}\n    snapshots: { every: 6h, while: stopped }`), units);
    const script = scriptOf(play(planSchedule(request, ground), [...host]));
    expect(script).toMatch(
      /if says matching '\^\(active\)\$' .*; then echo [\d ]+; return; fi\n {2}echo [\d ]+\n/,
    );
    expect(script.match(/systemctl stop -- web\.service/g)).toHaveLength(1);
  });

  it("is refused where no host can do it alone, or nothing is declared", async () => {
    const apart = await groundOf(
      web(
        "data: [{ btrfs: /data/web, on: nas }]\n    snapshots: { every: 6h }\n    hooks: { beforeSnapshot: [flush] }",
      ),
      units,
    );
    expect(() => play(planSchedule(request, apart), [...host])).toThrow(
      /snapshot of web has to do with nas and vps1: no host can do it alone/,
    );
    const nothing = await groundOf(web(data), units);
    expect(() => play(planSchedule(request, nothing), [...host])).toThrow(
      /nothing that could be done on a schedule/,
    );
    const snapshots = await groundOf(web(`${data}\n    snapshots: { every: 6h }`), units);
    const timeless: Answers = [
      ["test -d ", 1],
      ["sh -c '[ -d /etc/cron.d ]", 1],
    ];
    expect(() => play(planSchedule(request, snapshots), [...timeless, ...host])).toThrow(
      /no systemd, and no cron runs there/,
    );
  });

  it("leaves out what is sent to another host, and refuses it where there is nothing else", async () => {
    const sent = (more: string) =>
      groundOf(
        `${web(`${data}\n    ${more}backups: [{ to: tapes, every: 1d }]`)}\nrepositories: { tapes: { btrfs: /srv/b, on: nas } }`,
        units,
      );
    const plan = play(planSchedule(request, await sent("snapshots: { every: 6h }\n    ")), [...host]);
    expect(outline(plan).join("\n")).not.toContain("backup");
    expect(plan.notes[0]).toBe(
      "Left out: tapes gets what changed since the last time, which no host finds out by itself yet. From here: scrap backup web --to tapes",
    );
    const alone = await sent("");
    expect(() => play(planSchedule(request, alone), [...host])).toThrow(/not put on a schedule/);
  });

  it("uses cron where there is no systemd", async () => {
    const ground = await groundOf(web(`${data}\n    snapshots: { every: 6h }`), units);
    const cron: Answers = [
      ["test -d /run/systemd", 1],
      ["systemd-run ", 1],
      ["sh -c '[ -d /etc/cron.d ]", ""],
    ];
    const plan = play(planSchedule(request, ground), [...cron, ...host]);
    const crontab = plan.steps.at(-1);
    expect(crontab?.kind === "upload" && "text" in crontab.source && crontab.source.text).toMatch(
      /^\d+ \*\/6 \* \* \* root \/usr\/local\/lib\/scrap\/scrap-web_snapshot >\/dev\/null$/m,
    );
  });
});

describe("scrap schedule remove", () => {
  it("takes off only what is there of that service", async () => {
    const ground = await groundOf(web(data), units);
    const there = withJobs(ground, ["web", "web_snapshot"], ["mail", "mail_snapshot"]);
    const remove = { ...request, verb: "unschedule" } as const;
    const plan = play(planUnschedule(remove, there), host);
    expect(plan.steps).toHaveLength(3);
    expect(JSON.stringify(plan)).not.toContain("mail");
    expect(play(planUnschedule(remove, ground), host).steps).toEqual([]);
  });
});
