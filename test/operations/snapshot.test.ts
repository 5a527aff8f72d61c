import { describe, expect, it } from "vitest";
import { InventoryError } from "../../src/errors.ts";
import { planPrune } from "../../src/operations/prune.ts";
import { planSnapshot } from "../../src/operations/snapshot.ts";
import { idsOf, parsePlan } from "../../src/plan/parse-plan.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { describeStep } from "../../src/plan/text.ts";
import { inventoryOf } from "../inventory-of.ts";
import { draw } from "./draw.ts";
import { type Answers, groundOf, play } from "./played.ts";

const web = (more: string) => `
hosts: { vps1: }
services:
  web:
    home: vps1
    runs: { unit: web.service }
    ${more.trim()}`;

/** As btrfs-progs 6.14 said it of a subvolume of /data. */
const subvolume: Answers = [
  ["readlink -f -- ", "/data/web\n"],
  ["btrfs subvolume show ", "web\n\tName: \t\t\tweb\n\tUUID: \t\t\teb5e6b30-54f9-e646-925a-d18e5b9ef42e\n"],
  ["findmnt -J ", 1],
  ["btrfs subvolume list -o ", ""],
];
const empty: Answers = [["btrfs subvolume list -a -s ", ""]];
const listed = (...snapshots: readonly (readonly [time: string, tag: string])[]): Answers => [
  [
    "btrfs subvolume list -a -s ",
    snapshots
      .map(
        ([time, tag], index) =>
          `ID ${260 + index} gen 11 cgen 11 top level 5 otime ${time} path .scrap/web/${tag}\n`,
      )
      .join(""),
  ],
];
const systemd: Answers = [["systemd-run --version", "systemd 257\n"]];
const names = { name: "web", names: ["web"] };
const request = { verb: "snapshot", ...names } as const;
const running = { "web.service": "active" };

const outline = ({ steps }: Plan) =>
  steps.flatMap((step) => [
    `${step.effect} ${describeStep(step)}`,
    ...(step.undo ?? []).map((undo) => `  back: ${describeStep(undo)}`),
  ]);

/** As it would be kept and read again. */
const kept = (plan: Plan) => parsePlan(JSON.parse(JSON.stringify(plan)), "a test");

describe("scrap snapshot", () => {
  it("shows what it does, and how it is checked", async () => {
    const ground = await groundOf(web("data: [{ btrfs: /data/web }]"), running);
    const plan = play(planSnapshot(request, ground), [...subvolume, ...empty]);
    expect(kept(plan)).toEqual(plan);
    expect(draw(plan)).toMatchInlineSnapshot(`
      "Snapshot web
        2 steps · changes · walks back when a step fails
         1 ~ Make the folder of the snapshots  vps1
              install -d -m 0700 -- /data/.scrap /data/.scrap/web
         2 ~ Make a snapshot of /data/web  vps1
              btrfs subvolume snapshot -r -- /data/web /data/.scrap/web/scrap-20261121-1413-snapshot-web-x7k2.crash
              checked: /data/.scrap/web/scrap-20261121-1413-snapshot-web-x7k2.crash is a read-only snapshot (btrfs property get -ts /data/.scrap/web/scrap-20261121-1413-snapshot-web-x7k2.crash ro → ro=true)
              way back: Destroy the snapshot scrap-20261121-1413-snapshot-web-x7k2.crash of /data/web (btrfs subvolume delete -c -- /data/.scrap/web/scrap-20261121-1413-snapshot-web-x7k2.crash)"
    `);
  });

  it("brings the service to rest, sees that it was, and wakes it whatever happens", async () => {
    const ground = await groundOf(
      web(`data: [{ btrfs: /data/web }]
    hooks: { beforeSnapshot: [sync-db, hold], afterSnapshot: { command: [sync-db, go], timeout: 5s } }`),
      running,
    );
    const plan = play(planSnapshot(request, ground), [...subvolume, ...empty, ...systemd]);
    expect(kept(plan)).toEqual(plan);
    expect(outline(plan)).toMatchInlineSnapshot(`
      [
        "changes install -d -m 0700 -- /data/.scrap /data/.scrap/web",
        "changes systemd-run --quiet --collect --unit=scrap-dead-man-20261121-1413-snapshot-web-x7k2-web --on-active=90s --timer-property=AccuracySec=1s -- sync-db go",
        "  back: systemctl stop scrap-dead-man-20261121-1413-snapshot-web-x7k2-web.timer",
        "changes sync-db hold",
        "  back: sync-db go",
        "changes btrfs subvolume snapshot -r -- /data/web /data/.scrap/web/scrap-20261121-1413-snapshot-web-x7k2.app",
        "  back: btrfs subvolume delete -c -- /data/.scrap/web/scrap-20261121-1413-snapshot-web-x7k2.app",
        "reads systemctl show --value --property=SubState scrap-dead-man-20261121-1413-snapshot-web-x7k2-web.timer → waiting",
        "changes sync-db go",
        "changes systemctl stop scrap-dead-man-20261121-1413-snapshot-web-x7k2-web.timer",
      ]
    `);
  });

  it("stops it where it has to be, and starts it again", async () => {
    const ground = await groundOf(
      web(`data: [{ btrfs: /data/web }]
    snapshots: { every: 1h, while: stopped }`),
      running,
    );
    const plan = play(planSnapshot(request, ground), [...subvolume, ...empty, ...systemd]);
    expect(outline(plan)).toMatchInlineSnapshot(`
      [
        "changes install -d -m 0700 -- /data/.scrap /data/.scrap/web",
        "changes systemd-run --quiet --collect --unit=scrap-dead-man-20261121-1413-snapshot-web-x7k2-web --on-active=150s --timer-property=AccuracySec=1s -- systemctl start -- web.service",
        "  back: systemctl stop scrap-dead-man-20261121-1413-snapshot-web-x7k2-web.timer",
        "interrupts systemctl stop -- web.service",
        "  back: systemctl start -- web.service",
        "changes btrfs subvolume snapshot -r -- /data/web /data/.scrap/web/scrap-20261121-1413-snapshot-web-x7k2.quiesced",
        "  back: btrfs subvolume delete -c -- /data/.scrap/web/scrap-20261121-1413-snapshot-web-x7k2.quiesced",
        "reads systemctl show --value --property=SubState scrap-dead-man-20261121-1413-snapshot-web-x7k2-web.timer → waiting",
        "changes systemctl start -- web.service",
        "changes systemctl stop scrap-dead-man-20261121-1413-snapshot-web-x7k2-web.timer",
        "reads systemctl show --value --property=ActiveState -- web.service → /^(active)$/",
      ]
    `);
  });

  it("says what happens where nothing wakes it but us", async () => {
    const ground = await groundOf(
      web(`data: [{ btrfs: /data/web }]
    hooks: { beforeSnapshot: [a], afterSnapshot: [b] }`),
      running,
    );
    const plan = play(planSnapshot(request, ground), [...subvolume, ...empty, ["systemd-run", 127]]);
    expect(plan.notes).toMatchInlineSnapshot(`
      [
        "vps1 has no systemd: should we vanish, web stays at rest until scrap resume.",
      ]
    `);
    expect(outline(plan).filter((line) => line.includes("systemd-run"))).toEqual([]);
  });

  it("has all datasets of a pool at one moment", async () => {
    const ground = await groundOf(web("data: [{ zfs: tank/web }, { zfs: tank/db }]"), running);
    const plan = play(planSnapshot(request, ground), [
      ["zfs list -H -p -d 1 -t snapshot ", ""],
      ["zfs list -H -r ", "tank/web\ntank/web/cache\n"],
      [
        "zfs list -H -p -t filesystem,volume -o name,type,mounted,mountpoint,canmount,encryptionroot -- tank/web",
        "tank/web\tfilesystem\tyes\t/tank/web\ton\t-\n",
      ],
      ["zfs list -H -p -t filesystem,volume ", "tank/db\tfilesystem\tyes\t/tank/db\ton\t-\n"],
    ]);
    expect(outline(plan)).toMatchInlineSnapshot(`
      [
        "changes zfs snapshot -o scrap:service=web -o scrap:operation=snapshot tank/web@scrap-20261121-1413-snapshot-web-x7k2.crash tank/db@scrap-20261121-1413-snapshot-web-x7k2.crash",
        "  back: zfs destroy tank/web@scrap-20261121-1413-snapshot-web-x7k2.crash",
        "  back: zfs destroy tank/db@scrap-20261121-1413-snapshot-web-x7k2.crash",
      ]
    `);
    expect(plan.notes).toMatchInlineSnapshot(`
      [
        "tank/web on vps1: datasets below it are not part of its snapshot: tank/web/cache",
        "tank/db on vps1: datasets below it are not part of its snapshot: tank/web/cache",
      ]
    `);
  });

  it("makes no second one within a minute", async () => {
    const ground = await groundOf(web("data: [{ btrfs: /data/web }]"), running);
    const one = listed(["2026-11-21 14:12:50", "scrap-20261121-1412-snapshot-web-a1b2.crash"]);
    const plan = play(planSnapshot(request, ground), [...subvolume, ...one]);
    expect(plan.steps).toEqual([]);
    expect(plan.notes).toEqual([
      "web has one that is younger than a minute: scrap-20261121-1412-snapshot-web-a1b2.crash",
    ]);
  });

  it.each([
    ["data: []", [], "web declares no data."],
    [
      "data: [{ path: /etc/web }]",
      [
        ["readlink", "/etc/web\n"],
        ["btrfs", 1],
        ["findmnt", 1],
        ["zfs", 1],
      ],
      "The file system of /etc/web on vps1 cannot make snapshots of just that.",
    ],
    [
      "data: [{ btrfs: /data/web }]",
      [
        ["readlink", "/mnt/disk/web\n"],
        ["btrfs", 1],
        ["findmnt", 1],
      ],
      "/data/web on vps1 is another word for /mnt/disk/web.",
    ],
    [
      "data: [{ btrfs: /data/web }]",
      [
        ["readlink", "/data/web\n"],
        ["btrfs", 1],
        ["findmnt", 1],
      ],
      "/data/web on vps1 is no subvolume of btrfs: failed with exit 1: it said no",
    ],
  ] as const)("refuses %s", async (data, answers, message) => {
    const ground = await groundOf(web(data), running);
    expect(() => play(planSnapshot(request, ground), answers)).toThrow(message);
  });

  it.each([
    'btrfs: "-r"',
    'btrfs: "/data/\\nweb"',
    "zfs: tank/web@now",
    'zfs: "-r"',
    "lvm: vg0/-f",
    "lvm: ../../dev/sda",
    'lvm: "vg0/a b"',
  ])("refuses a place named %s", async (place) => {
    await expect(inventoryOf(web(`data: [{ ${place} }]`))).rejects.toThrow(InventoryError);
  });

  it("has no two steps of the same name for several services", async () => {
    const inventory = `${web("data: [{ btrfs: /data/web }]")}
  other:
    home: vps1
    runs: { unit: other.service }
    data: [{ btrfs: /data/web }]`;
    const ground = await groundOf(inventory, { ...running, "other.service": "active" });
    const plan = play(planSnapshot({ ...request, names: ["vps1"] }, ground), [...subvolume, ...empty]);
    expect(plan.services).toEqual(["web", "other"]);
    expect(new Set(idsOf(plan.steps)).size).toBe(idsOf(plan.steps).length);
  });
});

describe("scrap prune", () => {
  const prune = { verb: "prune", ...names } as const;

  it("names each that it destroys, and touches none of others", async () => {
    const ground = await groundOf(
      web(`data: [{ btrfs: /data/web }]
    snapshots: { every: 1h, keep: { daily: 2 } }`),
      running,
    );
    const plan = play(planPrune(prune, ground), [
      ...subvolume,
      ...listed(
        ["2026-11-21 14:00:00", "scrap-20261121-1400-snapshot-web-aaaa.crash"],
        ["2026-11-21 13:00:00", "scrap-20261121-1300-snapshot-web-bbbb.crash"],
        ["2026-11-20 13:00:00", "scrap-20261120-1300-snapshot-web-cccc.app"],
        ["2026-11-19 13:00:00", "scrap-20261119-1300-snapshot-web-dddd.app"],
        ["2026-11-19 12:00:00", "before-the-move"],
        ["2026-11-18 12:00:00", "$(reboot)"],
      ),
    ]);
    expect(plan.steps.flatMap(({ destroys = [] }) => destroys)).toEqual([
      "vps1:/data/web@scrap-20261121-1300-snapshot-web-bbbb.crash",
      "vps1:/data/web@scrap-20261119-1300-snapshot-web-dddd.app",
    ]);
    expect(plan.steps.every(({ effect }) => effect === "destroys")).toBe(true);
  });

  it("has nothing to go by where no policy was declared", async () => {
    const ground = await groundOf(web("data: [{ btrfs: /data/web }]"), running);
    expect(() => play(planPrune(prune, ground), [...subvolume, ...empty])).toThrow(
      "web does not say how many snapshots or backups are kept.",
    );
  });
});
