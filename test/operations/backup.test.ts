import { expect, it } from "vitest";
import { drawPlan } from "../../src/cli/plan-text.ts";
import { createStyle } from "../../src/cli/style.ts";
import { planBackup } from "../../src/operations/backup.ts";
import { chooseCopy } from "../../src/operations/copies.ts";
import { planRestore } from "../../src/operations/restore.ts";
import { idsOf, parsePlan } from "../../src/plan/parse-plan.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { type Answers, groundOf, play } from "./played-planning.ts";

const inventory = `
hosts: { apps: {}, spare: {} }
services:
  web:
    home: apps
    runs: { unit: web.service }
    data: [{ btrfs: /data/web }, { path: /etc/web }]
    hooks: { beforeSnapshot: [flush], afterSnapshot: [thaw] }
    backups: [{ to: nas, every: 1d }]
  files:
    home: apps
    runs: { unit: files.service }
    data: [{ path: /srv/files }]
    backups: [{ to: nas, every: 1d }]
  shared:
    home: apps
    runs: { unit: shared.service }
    data: [{ path: /srv/files, on: spare }]
    backups: [{ to: nas, every: 1d }]
repositories:
  nas: { restic: "sftp:nas:/srv/restic", password: "pass:lab/restic" }
`;

const id = "0854a45b9b2f4e6ab4e59e11b8f0f0a2ad5ce3ab30ad9e65d6a44fc3e4d4b0ce";
const tags = (service: string, places: readonly string[]) =>
  JSON.stringify([
    {
      id,
      time: "2026-11-20T18:00:00Z",
      tags: [
        "scrap",
        `service=${service}`,
        "op=20261120-1800-backup-x-aaaa",
        "host=apps",
        "consistency=crash-consistent",
        ...places,
      ],
      summary: { total_bytes_processed: 50_000_000 },
    },
  ]);

const common: Answers = [
  [/readlink -f -- \/data\/web/, { stdout: "/data/web\n" }],
  [/btrfs subvolume show -- \/data\/web/, { stdout: "web\n\tName: \t\t\tweb\n" }],
  [/subvolume list -o -- \/data\/web/, {}],
  [/subvolume (show|list)/, { exitCode: 1, stderr: "ERROR: Not a Btrfs subvolume" }],
  [/findmnt|zfs |lvs |mountpoint/, { exitCode: 1 }],
  [/readlink -f/, { stdout: "/elsewhere\n" }],
  [/ls -d -- /, { exitCode: 2 }],
  [/test -e \/(data\/web|srv\/files)$/, {}],
  [/test -e/, { exitCode: 1 }],
  [
    /df -P/,
    {
      stdout: "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/sda 300000 6000 131000 5% /\n",
    },
  ],
  [/systemd-run|systemctl --version|command -v/, {}],
];

const listing = (answer: Answers[number][1]): Answers => [
  [/restic .* snapshots --tag scrap/, answer],
  ...common,
];
const shown = (plan: Plan) => drawPlan(plan, createStyle({ isTTY: false } as never, {}, false), true);

it("backs up from a snapshot at rest, with the paths that people know, and takes the snapshot away", async () => {
  const plan = play(
    planBackup({ verb: "backup", name: "web" }, await groundOf(inventory)),
    listing({ stdout: "[]" }),
  );
  expect(plan.steps.map(({ title }) => title)).toMatchInlineSnapshot(`
    [
      "Make the folder of the snapshots",
      "Let apps do it after 90 s, should we vanish",
      "Your command before the snapshot of web",
      "Make a snapshot of /data/web",
      "See that it was at rest all the time",
      "Your command after the snapshot of web",
      "Stop the timer of apps",
      "Back up to nas",
      "Destroy the snapshot scrap-20261121-1413-try-web-x7k2.app of /data/web",
    ]
  `);
  expect(plan.notes).toMatchInlineSnapshot(`
    [
      "/etc/web on apps can make no snapshot: it is copied file by file while web may write to it.",
    ]
  `);
  const copying = plan.steps.find(({ id }) => id.endsWith("backup"));
  expect(copying).toMatchObject({ secrets: { RESTIC_PASSWORD: "pass:lab/restic" } });
  expect(shown(plan)).toContain("RESTIC_PASSWORD=‹pass:lab/restic› unshare");
  // What is kept as a file is the same plan.
  expect(parsePlan(JSON.parse(JSON.stringify(plan)), "plan.json")).toEqual(plan);
  expect(new Set(idsOf(plan.steps)).size).toBe(idsOf(plan.steps).length);
  expect(plan.steps.some(({ destroys }) => destroys)).toBe(false);
});

it("makes no repository unless it is told to", async () => {
  const missing = listing({
    exitCode: 1,
    stderr:
      "Fatal: unable to open config file: Lstat: file does not exist\nIs there a repository at the following location?\nsftp:nas:/srv/restic",
  });
  const ground = await groundOf(inventory);
  expect(() => play(planBackup({ verb: "backup", name: "files" }, ground), missing)).toThrow(
    "There is no restic repository at sftp:nas:/srv/restic, as apps sees it.",
  );
  const plan = play(planBackup({ verb: "backup", name: "files", init: true }, ground), missing);
  expect(plan.steps.map(({ title }) => title)).toEqual(["Make the repository nas", "Back up to nas"]);
});

it("restores beside, then swaps what can be swapped back, and is done once it is well", async () => {
  const answers = listing({ stdout: tags("files", ["path:/srv/files=/srv/files"]) });
  const plan = play(
    planRestore({ verb: "restore", name: "files", from: "0854" }, await groundOf(inventory)),
    answers,
  );
  expect(
    plan.steps
      .map(({ title, undo = [], commit }) =>
        [title, ...undo.map(({ title }) => `  back: ${title}`), ...(commit ? ["  no way back"] : [])].join(
          "\n",
        ),
      )
      .join("\n"),
  ).toMatchInlineSnapshot(`
    "Make a folder beside /srv/files
      back: Throw /srv/files_restore_20261121-1413-try-web-x7k2 away
    Restore 0854a45b of nas beside it, and verify every file
      back: Throw /srv/files_restore_20261121-1413-try-web-x7k2 away
    Stop files.service
      back: Start files.service
    Put /srv/files aside as /srv/files_before_20261121-1413-try-web-x7k2
      back: Put /srv/files back where it was
    Put what was restored in its place
      back: Take what was restored out again
    Start files.service
      back: Stop files.service
    Wait for files to be well for 3 s
      no way back"
  `);
  expect(new Set(idsOf(plan.steps)).size).toBe(idsOf(plan.steps).length);
  expect(plan.notes).toEqual([
    "What is there now is kept as /srv/files_before_20261121-1413-try-web-x7k2 until you delete it.",
  ]);
});

it("says what an earlier restore put aside, and nothing else that a host names so", async () => {
  const before = (word: string) => `/srv/files_before_${word}\n`;
  const there = before("2026\u001b[2J") + before("20261120-1000-restore-files-x7k2");
  const answers: Answers = [
    [/ls -d -- /, { stdout: before("20261121-1200-restore-files-ab12") + there }],
    ...listing({ stdout: tags("files", ["path:/srv/files=/srv/files"]) }),
  ];
  const request = { verb: "restore", name: "files", from: "0854" } as const;
  expect(play(planRestore(request, await groundOf(inventory)), answers).notes.at(-1)).toBe(
    "What an earlier restore put aside on apps is there still: /srv/files_before_20261121-1200-restore-files-ab12, and 1 older.",
  );
});

it("restores nothing that nobody chose, that is not there, or that has no room", async () => {
  const ground = await groundOf(inventory);
  const answers = listing({ stdout: tags("files", ["path:/srv/files=/srv/files"]) });
  const restore =
    (from: string | undefined, on = answers) =>
    () =>
      play(
        planRestore({ verb: "restore", name: "files", ...(from === undefined ? {} : { from }) }, ground),
        on,
      );
  expect(restore(undefined)).toThrow("Nothing is restored that nobody chose");
  expect(restore("ffff")).toThrow("No copy of files has the id ffff");
  expect(restore("2026-11-19")).toThrow("There is no copy of files from 2026-11-19T00:00 or before.");
  expect(restore("2d")).toThrow("There is no copy of files from 2026-11-19T14:13 or before.");
  expect(restore("2026-11-21")).not.toThrow();
  expect(restore("2h")).not.toThrow();
  const useless = [
    {
      id: "scrap-20261121-1200-snapshot-files-x7k2.crash",
      why: "it is full: more than 16.0 MiB of vg0/files were written since",
    },
  ];
  const spoilt = { copies: [], unknown: [], useless };
  expect(() => chooseCopy(spoilt, "scrap-20261121-1200", "files", ground.now)).toThrow(
    "-files-x7k2.crash of files is of no use: it is full: more than 16.0 MiB of vg0/files were written since.",
  );
  const full: Answers = [[/df -P/, { stdout: "Filesystem\n/dev/sda 300000 6000 40000 5% /\n" }], ...answers];
  expect(restore("0854", full)).toThrow(
    "There is no room beside /srv/files on apps: 39 MiB are free, and it takes 53 MiB.",
  );
});

it("restores on another host only while it runs nowhere else", async () => {
  const answers = listing({ stdout: tags("files", ["path:/srv/files=/srv/files"]) });
  const request = { verb: "restore", name: "files", from: "0854", to: "spare" } as const;
  const running = await groundOf(inventory);
  expect(() => play(planRestore(request, running), answers)).toThrow(
    "files runs on apps: two of it must never write at once.",
  );
  const plan = play(planRestore(request, await groundOf(inventory, [])), answers);
  expect(new Set(plan.steps.map((step) => "host" in step && step.host))).toEqual(new Set(["spare"]));
  expect(plan.hosts).toEqual(["apps", "spare"]);
  // It may have been started there again since.
  expect(plan.steps.find(({ id }) => id === "start")?.needs).toMatchObject([{ host: "apps" }]);
});

it("says where a drill can prove no more than the files", async () => {
  const answers = listing({ stdout: tags("files", ["path:/srv/files=/srv/files"]) });
  const plan = play(
    planRestore({ verb: "restore", name: "files", from: "0854", drill: true }, await groundOf(inventory)),
    answers,
  );
  expect(plan.steps.map(({ title }) => title)).toMatchInlineSnapshot(`
    [
      "Make a folder beside /srv/files",
      "Restore 0854a45b of nas beside it, and verify every file",
      "Note that 0854a45b of nas can be restored",
      "Throw /srv/files_restore_20261121-1413-try-web-x7k2 away",
    ]
  `);
  expect(plan.notes).toEqual([
    "files cannot be started apart from the live one: its files are verified, and that is all.",
  ]);
});

it("restores on the host that has the data, and stops the service where it runs", async () => {
  const answers = listing({ stdout: tags("shared", ["path:/srv/files=/srv/files"]) });
  const plan = play(
    planRestore({ verb: "restore", name: "shared", from: "0854" }, await groundOf(inventory)),
    answers,
  );
  const hostsOf = (effect: string) =>
    new Set(plan.steps.flatMap((step) => (step.effect === effect && "host" in step ? [step.host] : [])));
  expect(plan.hosts).toEqual(["apps", "spare"]);
  expect(hostsOf("interrupts")).toEqual(new Set(["apps"]));
  expect(
    plan.steps.flatMap((step) =>
      /Restore|aside|in its place/.test(step.title) && "host" in step ? [step.host] : [],
    ),
  ).toEqual(["spare", "spare", "spare"]);
});
