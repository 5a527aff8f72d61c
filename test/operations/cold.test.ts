import { expect, it } from "vitest";
import { planBackup } from "../../src/operations/backup.ts";
import { listBackups } from "../../src/operations/backups.ts";
import { planRestore } from "../../src/operations/restore.ts";
import { idsOf, parsePlan } from "../../src/plan/parse-plan.ts";
import { type Answers, groundOf, play } from "./played-planning.ts";

const inventory = `
hosts: { apps: {}, spare: {} }
services:
  files:
    home: apps
    runs: { unit: files.service }
    data: [{ path: /srv/files }]
    sla: { rpo: 1h }
    backups: [{ to: nas, every: 1d }, { to: drawer, every: 30d }]
  away:
    home: spare
    runs: { unit: away.service }
    data: [{ path: /srv/files }]
    backups: [{ to: drawer, every: 30d }]
repositories:
  nas: { restic: "sftp:nas:/srv/restic", password: "pass:lab/restic" }
  drawer: { cold: { label: COLD1, on: apps }, password: "pass:lab/cold" }
`;

const disk = "DEVNAME=/dev/sdc1\nLABEL=COLD1\nUUID=c0df9c04-9889-422a-8ce1-a72ddcf8f842\nTYPE=ext4\n";
const locked = disk.replace("ext4", "crypto_LUKS");
const record = `2026-10-20T18:00:03Z
{"label":"COLD1","uuid":"c0df9c04-9889-422a-8ce1-a72ddcf8f842"}
[{"id":"0854a45b9b2f","time":"2026-10-20T18:00:00Z","tags":["scrap","service=files","op=20261020-1800-backup-files-aaaa","host=apps","consistency=file-by-file","path:/srv/files=/srv/files"],"summary":{"total_bytes_processed":5000}}]
`;

interface Around {
  readonly blkid?: string;
  readonly mounted?: string;
  readonly noted?: string;
  readonly more?: Answers;
}

const answers = ({ blkid = disk, mounted = "", noted = record, more = [] }: Around = {}): Answers => [
  ...more,
  [/blkid .* LABEL=COLD1/, blkid === "" ? { exitCode: 2 } : { stdout: blkid }],
  [/findmnt -rn -o TARGET -S/, mounted === "" ? { exitCode: 1 } : { stdout: mounted }],
  [/lsblk -snr/, { stdout: "\nWD-123\n" }],
  [/cat -- \/var\/lib\/scrap\/cold\/drawer/, noted === "" ? { exitCode: 1 } : { stdout: noted }],
  [/restic .* snapshots --tag scrap/, { stdout: "[]" }],
  [/ls -d -- /, { exitCode: 2 }],
  [/test -e \/srv\/files$/, {}],
  [/readlink -f/, { stdout: "/elsewhere\n" }],
  [/df -P/, { stdout: "Filesystem\n/dev/sda 300000 6000 131000 5% /\n" }],
  [/findmnt|zfs |lvs |mountpoint|btrfs|test -e|grep/, { exitCode: 1 }],
];

const ground = await groundOf(inventory);
const backup = (around: Around, to?: string, init?: boolean) =>
  play(
    planBackup({ verb: "backup", name: "files", ...(to ? { to } : {}), ...(init ? { init } : {}) }, ground),
    answers(around),
  );
const titles = ({ steps }: ReturnType<typeof backup>) => steps.map(({ title }) => title);

it("mounts the disk for as long as it is copied to, notes what it has, and says when it may be unplugged", () => {
  const plan = backup({}, "drawer");
  expect(titles(plan)).toEqual([
    "Mount the disk COLD1",
    "Back up to drawer",
    "Note what the disk COLD1 has",
    "Unmount the disk COLD1: it is safe to unplug after that",
  ]);
  // Whatever fails in between: it does not stay mounted.
  expect(plan.steps[0]?.undo?.map(({ title }) => title)).toEqual([titles(plan).at(-1)]);
  expect(parsePlan(JSON.parse(JSON.stringify(plan)), "plan.json")).toEqual(plan);
  expect(new Set(idsOf(plan.steps)).size).toBe(idsOf(plan.steps).length);
});

it("makes the repository on the disk only where nothing is known of it, and when it is told to", () => {
  expect(() => backup({ noted: "" }, "drawer")).toThrow("Nothing was backed up to the disk COLD1 yet");
  expect(titles(backup({ noted: "" }, "drawer", true))).toContain("Make the repository drawer");
  expect(titles(backup({}, "drawer", true))).not.toContain("Make the repository drawer");
});

it("goes without a disk that is away, and says so; unless just that was asked for", () => {
  const plan = backup({ blkid: "" });
  expect(titles(plan)).toEqual(["Back up to nas"]);
  expect(plan.notes).toContain(
    "drawer is left out: The disk labelled COLD1 is not there. Plug in the disk labelled COLD1 at apps.",
  );
  expect(() => backup({ blkid: "" }, "drawer")).toThrow("The disk labelled COLD1 is not there.");
});

it("touches no disk that somebody uses, that is locked, that is another one, or that is one of two", async () => {
  const named = (around: Around) => () => backup(around, "drawer");
  expect(named({ mounted: "/media/me\n" })).toThrow("is mounted at /media/me on apps: somebody uses it.");
  // Left there by ourselves, when we were cut off.
  expect(named({ mounted: "/run/scrap/cold-drawer\n" })).not.toThrow();
  expect(named({ blkid: `${disk}\n${disk.replace("sdc1", "sdd1")}` })).toThrow(
    "There are 2 disks labelled COLD1",
  );
  const crypt = (kind: string): Answers => [
    [/lsblk -nrp/, { stdout: `/dev/sdc1 crypto\n/dev/mapper/x ${kind}\n` }],
  ];
  expect(named({ blkid: locked, more: crypt("part") })).toThrow("The disk labelled COLD1 at apps is locked.");
  const opened: Answers = [
    ...crypt("crypt"),
    [/blkid -c \/dev\/null \/dev\/mapper\/x/, { stdout: disk.replaceAll("c0df", "0000") }],
  ];
  expect(JSON.stringify(backup({ blkid: locked, more: opened }, "drawer"))).toContain("UUID=00009c04-");
  const other = await groundOf(inventory.replace("label: COLD1,", "label: COLD1, uuid: 1234-ABCD,"));
  expect(() => play(planBackup({ verb: "backup", name: "files", to: "drawer" }, other), answers())).toThrow(
    "The disk labelled COLD1 at apps is another one: its UUID is c0df9c04-9889-422a-8ce1-a72ddcf8f842, and not 1234-ABCD.",
  );
  expect(() => play(planBackup({ verb: "backup", name: "away" }, ground), answers())).toThrow(
    "The disk COLD1 is plugged in at apps, and this is about data on spare.",
  );
});

it("lists what an absent disk has, as old as it may be there, and restores from it once it is back", () => {
  const files = [...ground.inventory.services.values()].filter(({ name }) => name === "files");
  const [, drawer] = play(listBackups(files, ground), answers({ blkid: "" }));
  expect(drawer).toMatchObject({
    medium: { label: "COLD1", isThere: false, seenAt: new Date("2026-10-20T18:00:03Z") },
    backups: [{ id: "0854a45b", at: new Date("2026-10-20T18:00:00Z") }],
  });
  const restore = (around: Around) => () =>
    play(planRestore({ verb: "restore", name: "files", from: "0854" }, ground), answers(around));
  expect(restore({ blkid: "" })).toThrow("The disk labelled COLD1 is not there.");
  expect(titles(restore({})()).slice(0, 4)).toEqual([
    "Make a folder beside /srv/files",
    "Mount the disk COLD1",
    "Restore 0854a45b of drawer beside it, and verify every file",
    "Unmount the disk COLD1: it is safe to unplug after that",
  ]);
});
