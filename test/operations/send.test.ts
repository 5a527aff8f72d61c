import { describe, expect, it } from "vitest";
import { planBackup } from "../../src/operations/backup.ts";
import { listBackups } from "../../src/operations/backups.ts";
import { planRestore } from "../../src/operations/restore.ts";
import { idsOf, parsePlan } from "../../src/plan/parse-plan.ts";
import { type Answers, groundOf, play } from "./played-planning.ts";

const inventory = `
hosts: { apps: {}, spare: {}, nas: {} }
services:
  web:
    home: apps
    runs: { unit: web.service }
    data: [{ btrfs: /data/web }]
    backups: [{ to: sent, every: 1d }, { to: slow, every: 30d }]
repositories:
  sent: { btrfs: /srv/sent, on: nas }
  slow: { btrfs: /srv/slow, on: nas }
`;

const uuids = {
  older: "33333333-0000-4000-8000-000000000000",
  old: "11111111-0000-4000-8000-000000000000",
  new: "22222222-0000-4000-8000-000000000000",
};
const tags = {
  older: "scrap-20261001-0300-backup-web-aaaa.crash",
  old: "scrap-20261119-0300-backup-web-bbbb.crash",
  new: "scrap-20261120-0300-backup-web-cccc.crash",
};

/** A backup as the nas lists it. */
function there(tag: string, uuid: string, { place = "/srv/sent", at = "2026-11-20T03:00:00.000Z" } = {}) {
  const label = {
    service: "web",
    operation: "20261120-0300-backup-web-cccc",
    host: "apps",
    consistency: "crash-consistent",
    places: [{ kind: "btrfs", name: "/data/web", path: "/data/web" }],
    tag,
    at,
  };
  return `label ${place}/apps/web/${tag}\n${JSON.stringify(label)}\ncopy 1 50000000 ${uuid}\n`;
}

/** As btrfs lists them, with what it was asked for besides. */
const snapshots = (more: (uuid: string) => string) =>
  (["older", "old", "new"] as const)
    .map(
      (name, n) =>
        `ID 30${n} gen 9 cgen 9 top level 5 otime 2026-11-20 03:00:0${n} ${more(uuids[name])}path .scrap/web/${tags[name]}\n`,
    )
    .join("");

const answers = (sent: string, slow = "here\n"): Answers => [
  [/nas: sh -c .* \/srv\/sent$/s, { stdout: sent }],
  [/nas: sh -c .* \/srv\/slow$/s, { stdout: slow }],
  [/readlink -f -- \/data\/web/, { stdout: "/data/web\n" }],
  [/btrfs subvolume show -- \/data\/web/, { stdout: "web\n\tName: \t\t\tweb\n" }],
  [/subvolume list -o -- \/data\/web/, {}],
  [/subvolume list -a -s -u/, { stdout: snapshots((uuid) => `uuid ${uuid} `) }],
  [/subvolume list -a -s/, { stdout: snapshots(() => "") }],
  [/ls -d -- /, { exitCode: 2 }],
  [/test -e \/data\/web$/, {}],
  [/findmnt|mountpoint|test -e|grep/, { exitCode: 1 }],
  [/df -P/, { stdout: "Filesystem\n/dev/sda 300000 6000 131000 5% /\n" }],
];

const listing = (...backups: readonly string[]) => `here\n${backups.join("")}`;

describe("sending to another host", () => {
  it("sends all where nothing is there yet, and what it sends counts once it is noted", async () => {
    const ground = await groundOf(inventory);
    const plan = play(planBackup({ verb: "backup", name: "web", to: "sent" }, ground), answers(listing()));
    expect(plan.hosts).toEqual(["apps", "nas"]);
    expect(plan.steps.map(({ title, kind }) => `${kind}: ${title}`)).toMatchInlineSnapshot(`
      [
        "run: Make the folder of the snapshots",
        "run: Make a snapshot of /data/web",
        "transfer: Send all of /data/web to sent",
        "upload: Note at sent that it is whole",
        "run: Destroy the snapshot scrap-20261120-0300-backup-web-cccc.crash of /data/web",
        "run: Destroy the snapshot scrap-20261119-0300-backup-web-bbbb.crash of /data/web",
        "run: Destroy the snapshot scrap-20261001-0300-backup-web-aaaa.crash of /data/web",
      ]
    `);
    expect(parsePlan(JSON.parse(JSON.stringify(plan)), "plan.json")).toEqual(plan);
    expect(new Set(idsOf(plan.steps)).size).toBe(idsOf(plan.steps).length);
  });

  it("goes on from the newest that both have, and takes away what no repository goes on from", async () => {
    const ground = await groundOf(inventory);
    const sent = listing(
      there(tags.new, uuids.new),
      there(tags.old, uuids.old, { at: "2026-11-19T03:00:00.000Z" }),
    );
    const slow = listing(there(tags.old, uuids.old, { place: "/srv/slow" }));
    const plan = play(planBackup({ verb: "backup", name: "web", to: "sent" }, ground), answers(sent, slow));
    const send = plan.steps.find(({ kind }) => kind === "transfer");
    expect(send).toMatchObject({ title: "Send what changed in /data/web to sent" });
    expect(JSON.stringify(send)).toContain(`/data/.scrap/web/${tags.new}`);
    const gone = plan.steps.filter(({ title }) => title.startsWith("Destroy")).map(({ title }) => title);
    expect(gone.toSorted()).toEqual([
      `Destroy the snapshot ${tags.older} of /data/web`,
      `Destroy the snapshot ${tags.new} of /data/web`,
    ]);
  });

  it("keeps all of them where a repository does not say what it goes on from", async () => {
    const ground = await groundOf(inventory);
    const plan = play(
      planBackup({ verb: "backup", name: "web", to: "sent" }, ground),
      answers(listing(there(tags.new, uuids.new)), "other\n"),
    );
    expect(plan.steps.filter(({ title }) => title.startsWith("Destroy"))).toEqual([]);
  });

  it("never takes for a backup what is half, is written by others, or lies where it does not belong", async () => {
    const ground = await groundOf(inventory);
    const whole = there(tags.new, uuids.new);
    const half = there(tags.old, uuids.old).replace(/copy .*/, "");
    const writable = there(tags.old, uuids.old).replace(uuids.old, "-");
    const moved = there(tags.older, uuids.old).replace(
      "label /srv/sent/apps/web",
      "label /srv/sent/apps/mail",
    );
    const hostile = there(tags.old, uuids.old).replaceAll("/data/web", "/data/../etc");
    const [sent] = play(
      listBackups([...ground.inventory.services.values()], ground),
      answers(listing(whole, half, writable, moved, hostile, "label x\nnot json\n")),
    );
    expect(sent?.backups.map(({ at, sizeBytes }) => [at.toISOString(), sizeBytes])).toEqual([
      ["2026-11-20T03:00:00.000Z", 50_000_000],
    ]);
  });

  it("says what is missing, and is restored like any other", async () => {
    const ground = await groundOf(inventory);
    const backup = (sent: string) => () =>
      play(planBackup({ verb: "backup", name: "web", to: "sent" }, ground), answers(sent));
    expect(backup("missing\n")).toThrow("There is no folder /srv/sent on nas");
    expect(backup("other\n")).toThrow("is not on btrfs");
    const sent = listing(there(tags.new, uuids.new));
    const [listed] = play(listBackups([...ground.inventory.services.values()], ground), answers(sent));
    const plan = play(
      planRestore({ verb: "restore", name: "web", from: listed?.backups[0]?.id ?? "" }, ground),
      answers(sent),
    );
    expect(plan.hosts).toEqual(["apps", "nas"]);
    const [, bring] = plan.steps;
    expect(bring).toMatchObject({ kind: "transfer", host: "apps", from: { host: "nas" } });
    expect(new Set(idsOf(plan.steps)).size).toBe(idsOf(plan.steps).length);
  });
});

describe("what ZFS lists", () => {
  const zfs = `
hosts: { apps: {}, nas: {} }
services:
  web:
    home: apps
    runs: { unit: web.service }
    data: [{ zfs: tank/web }, { zfs: tank/files }]
    backups: [{ to: sent, every: 1d }]
repositories:
  sent: { zfs: pool/sent, on: nas }
`;
  const line = (dataset: string, tag: string, guid: string, label = "-") =>
    `pool/sent/${dataset}@${tag}\t${guid}\t50000\t${label}\n`;
  const labelOf = (tag: string) =>
    JSON.stringify({
      service: "web",
      operation: "20261120-0300-backup-web-cccc",
      host: "apps",
      consistency: "crash-consistent",
      places: ["tank/web", "tank/files"].map((name) => ({ kind: "zfs", name, path: `/${name}` })),
      tag,
      at: "2026-11-20T03:00:00.000Z",
    });

  it("is a backup once all its places are there, and the label", async () => {
    const ground = await groundOf(zfs);
    const list = (stdout: string) => {
      const asked: Answers = [
        [/zfs list .* -- pool\/sent$/, { stdout }],
        [/grep/, { exitCode: 1 }],
      ];
      return play(listBackups([...ground.inventory.services.values()], ground), asked)[0]?.backups;
    };
    const { old, new: newer } = tags;
    const both = line("apps.web.1.aaaaaa", old, "11", labelOf(old)) + line("apps.web.2.aaaaaa", old, "12");
    expect(list(both)).toMatchObject([{ sizeBytes: 100_000, tag: old }]);
    // Of the second one only one place came, and nothing of the third was noted.
    const half = line("apps.web.1.aaaaaa", newer, "21", labelOf(newer));
    expect(list(both + half)).toHaveLength(1);
    expect(list(line("apps.web.1.aaaaaa", old, "11") + line("apps.web.2.aaaaaa", old, "12"))).toEqual([]);
    // A label of another snapshot, or in another service's place.
    expect(list(both.replace(`@${old}\t11`, `@${newer}\t11`))).toEqual([]);
    expect(list(both.replaceAll("apps.web.", "apps.mail."))).toEqual([]);
  });

  it("goes on from a bookmark where somebody destroyed the snapshot, and leaves one for the next", async () => {
    const ground = await groundOf(zfs.replace(", { zfs: tank/files }", ""));
    const label = labelOf(tags.new).replace(/,\{[^{]*tank\/files[^}]*\}/, "");
    const listed = [tags.old, tags.older]
      .map((tag, n) => `tank/web@${tag}\t176000000${n}\t0\t0\t${n === 0 ? "tank/web_before" : ""}\n`)
      .join("");
    const send = (own: string) => {
      const asked: Answers = [
        [/zfs list .* -- pool\/sent$/, { stdout: line("apps.web.1.aaaaaa", tags.new, "21", label) }],
        [/zfs get .* mountpoint tank\/web/, { stdout: "/tank/web\n" }],
        [/-t snapshot,bookmark -o name,guid -- tank\/web$/, { stdout: own }],
        [/-t snapshot /, { stdout: listed }],
        [/-o name -- tank\/web$/, { stdout: "tank/web\n" }],
        [/zfs list .* -- tank\/web$/, { stdout: "tank/web\tfilesystem\tyes\t/tank/web\ton\t-\n" }],
      ];
      const { steps } = play(planBackup({ verb: "backup", name: "web" }, ground), asked);
      const transfer = steps.find(({ kind }) => kind === "transfer");
      const mark = steps.find(({ id }) => id.endsWith("mark-1"));
      return {
        parent: transfer?.kind === "transfer" ? transfer.from.command.argv.slice(5) : undefined,
        mark: mark?.kind === "run" ? mark.command.argv.slice(4) : undefined,
        gone: steps.filter(({ title }) => title.startsWith("Destroy")).map(({ title }) => title),
      };
    };
    const [snapshot, bookmark] = [`tank/web@${tags.new}\t21\n`, "tank/web#scrap-sent\t21\n"];
    expect(send(snapshot + bookmark).parent).toEqual([`tank/web@${tags.new}`]);
    expect(send(bookmark).parent).toEqual(["tank/web#scrap-sent"]);
    expect(send("tank/web#scrap-sent\t20\ntank/web#other\t21\n").parent).toEqual([]);
    expect(send(bookmark).mark).toEqual(["tank/web", expect.stringMatching(/^scrap-.*-web-/), "scrap-sent"]);
    // A clone stands on the other one.
    expect(send(bookmark).gone).toEqual([`Destroy the snapshot ${tags.older} of tank/web`]);
  });
});
