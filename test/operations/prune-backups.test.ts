import { describe, expect, it } from "vitest";
import type { StoredBackup } from "../../src/backends/backup-verbs.ts";
import { UnreachableError } from "../../src/errors.ts";
import { formerHostsOf, type ProvenBackup, toForget } from "../../src/operations/outdated-backups.ts";
import { planPrune } from "../../src/operations/prune.ts";
import { parsePlan } from "../../src/plan/parse-plan.ts";
import { type Answers, groundOf, play } from "./played-planning.ts";

const now = new Date("2026-11-21T14:13:00Z");
const hour = 3_600_000;

function made(hoursAgo: number, more: Partial<ProvenBackup> = {}): ProvenBackup {
  return {
    id: `h${hoursAgo}`,
    service: "web",
    operation: `op${hoursAgo}`,
    at: new Date(now.getTime() - hoursAgo * hour),
    host: "apps",
    consistency: "quiesced",
    places: [{ kind: "path", name: "/srv/web", path: "/srv/web" }],
    ...more,
  };
}

const proof = { service: "web", repository: "nas", id: "", at: "2026-11-20T00:00:00Z", how: "well" } as const;
const ids = (backups: readonly StoredBackup[]) => backups.map(({ id }) => id);

describe("what a policy lets go of a repository", () => {
  it("is neither the newest, nor the newest that was proven, nor what is younger than it says", () => {
    const backups = [made(1), made(2), made(30), made(50, { proof }), made(60, { proof }), made(70)];
    const { gone, kept } = toForget(backups, { keep: { last: 1 }, keepWithinMs: 24 * hour }, now);
    expect(ids(gone)).toEqual(["h30", "h60", "h70"]);
    expect(ids(kept)).toEqual(["h1", "h50"]);
  });

  it("is judged for each set of places: half of the data takes no place from all of it", () => {
    const other = { kind: "path", name: "/srv/more", path: "/srv/more" } as const;
    const whole = (hours: number) => [
      made(hours),
      made(hours, { id: `h${hours}b`, host: "nas", places: [other] }),
    ];
    const backups = [made(1), ...whole(30), ...whole(60), made(70)];
    const { gone, kept } = toForget(backups, { keep: { last: 1 } }, now);
    expect(ids(gone)).toEqual(["h70", "h60", "h60b"]);
    expect(ids(kept)).toEqual(["h1", "h30", "h30b"]);
  });

  it("is judged for each host: one that came back takes no place from where it runs now", () => {
    const back = (hours: number) => made(hours, { id: `b${hours}`, host: "spare" });
    const { gone, kept } = toForget(
      [made(1), back(2), back(10), made(25), back(26), made(30)],
      { keep: { daily: 2 } },
      now,
    );
    expect(ids(gone)).toEqual(["h30", "b10"]);
    expect(ids(kept)).toEqual(["h1", "b2"]);
    expect(formerHostsOf([made(1), back(2), back(10)])).toEqual([
      { host: "spare", count: 2, newestAt: back(2).at },
    ]);
    // What the other one has is of something else.
    const more = { kind: "path", name: "/srv/more", path: "/srv/more" } as const;
    expect(formerHostsOf([made(1), made(2, { host: "spare", places: [more] })])).toEqual([]);
  });

  it("is nothing whose id a tool could take for something else", () => {
    const { gone } = toForget([made(1), made(2, { id: "--all" }), made(3)], {}, now);
    expect(ids(gone)).toEqual(["h3"]);
  });
});

const inventory = (repository: string, keep = "keep: { last: 1 }") => `
hosts: { apps: {}, spare: {} }
services:
  web:
    home: apps
    runs: { unit: web.service }
    data: [{ path: /srv/web }]
    backups: [{ to: nas, every: 1d, ${keep} }]
  other:
    home: apps
    runs: { unit: other.service }
    data: [{ path: /srv/other }]
    backups: [{ to: nas, every: 1d, keepWithin: 1h }]
repositories:
  nas: { restic: "sftp:nas:/srv/restic", password: "pass:lab/restic"${repository} }
`;

const snapshot = (id: string, service: string, day: string) => ({
  id: id.padEnd(64, "0"),
  time: `2026-11-${day}T18:00:00Z`,
  tags: [
    ...["scrap", `service=${service}`, `op=${id}`, "host=apps", "consistency=quiesced"],
    `path:/srv/${service}=/srv/${service}`,
  ],
});

const stdout = JSON.stringify([
  ...[
    snapshot("aaaaaaa1", "web", "18"),
    snapshot("aaaaaaa2", "web", "19"),
    snapshot("aaaaaaa3", "web", "20"),
  ],
  ...[snapshot("bbbbbbb1", "other", "18"), snapshot("bbbbbbb2", "other", "19")],
  { id: "c".repeat(64), time: "2026-11-01T18:00:00Z", tags: ["by-hand"] },
]);
const proven = JSON.stringify({ ...proof, service: "web", id: "aaaaaaa2" });

const plan = async (
  names: readonly string[],
  text = inventory(""),
  { without = [], around = [] }: { without?: readonly string[]; around?: Answers } = {},
) =>
  play(planPrune({ verb: "prune", name: "", names, without }, await groundOf(text)), [
    ...around,
    [/restic .* snapshots/, { stdout }],
    [/grep .*proofs/, { stdout: `${proven}\n` }],
    [/grep/, {}],
  ]);

it("forgets each service's own by their ids, while those it keeps are there, and names them", async () => {
  const { steps, hosts } = await plan(["web"]);
  expect(hosts).toEqual(["apps"]);
  expect(steps.map(({ title, effect, destroys }) => [title, effect, destroys])).toEqual([
    ["Forget 1 backup in nas", "destroys", ["aaaaaaa1"]],
    ["Free their room in nas", "changes", undefined],
  ]);
  expect(steps[0]?.needs?.map(({ title }) => title)).toEqual(["nas lists aaaaaaa3", "nas lists aaaaaaa2"]);
  expect(steps[0]).toHaveProperty(
    "command.argv",
    expect.arrayContaining(["sftp:nas:/srv/restic", "forget", "aaaaaaa1"]),
  );
  expect(steps[0]).toMatchObject({
    done: { expect: { stdoutLacks: '"short_id":"(?:aaaaaaa1)"' }, mustAnswer: true },
  });
});

it("frees a repository once, for all services", async () => {
  const made = await plan(["web", "other"]);
  expect(made.steps.flatMap(({ destroys }) => destroys ?? [])).toEqual(["aaaaaaa1", "bbbbbbb1"]);
  expect(made.steps).toHaveLength(2);
  expect(parsePlan(JSON.parse(JSON.stringify(made)), "plan.json")).toEqual(made);
});

it("deletes nothing where hosts only add, and nothing without a policy", async () => {
  const appendOnly = await plan(["web"], inventory(", appendOnly: true"));
  expect(appendOnly.steps).toEqual([]);
  expect(appendOnly.notes).toEqual(["Hosts only add to nas (appendOnly): it is pruned where it is kept."]);
  await expect(plan(["web"], inventory("", "keep: {}"))).resolves.toMatchObject({ steps: [{}, {}] });
  await expect(plan(["web"], inventory("").replace(", keep: { last: 1 }", ""))).rejects.toThrow(
    "web does not say how many snapshots or backups are kept.",
  );
});

it("forgets nothing while a host is away that may know better, unless it is told to", async () => {
  const text = inventory("").replace(
    "{ unit: web.service }",
    "{ unit: web.service }\n    failover: { policy: manual, to: [spare] }",
  );
  const around: Answers = [[/^spare: .*grep/, new UnreachableError("connect", "spare: no route")]];
  await expect(plan(["web"], text, { around })).rejects.toMatchObject({
    message: "spare cannot be asked which backups in nas were proven there, nor whether damage was found.",
    hint: "Later, or without it: --without spare",
  });
  const told = await plan(["web"], text, { around, without: ["spare"] });
  expect(told.steps.flatMap(({ destroys }) => destroys ?? [])).toEqual(["aaaaaaa1"]);
  expect(told.notes).toEqual([
    "spare cannot be asked which backups in nas were proven there, nor whether damage was found.",
  ]);
  await expect(plan(["web"], text, { without: ["spar"] })).rejects.toThrow("No host is named spar");
  // Nothing is to be forgotten: then nobody has to be asked.
  const all = text.replace("last: 1", "last: 9");
  await expect(plan(["web"], all, { around })).resolves.toMatchObject({ steps: [] });
});

it("believes what any host found that put something there, wherever its service is at home now", async () => {
  const text = inventory("").replaceAll("home: apps", "home: spare");
  const damage = { repository: "nas", at: "2026-11-20T00:00:00Z", result: "damaged", readData: true };
  const around: Answers = [[/^apps: .*grep .*verified/, { stdout: `${JSON.stringify(damage)}\n` }]];
  await expect(plan(["web"], text, { around })).rejects.toThrow(
    "nas was found damaged at 2026-11-20T00:00:00Z: nothing is forgotten there.",
  );
});
