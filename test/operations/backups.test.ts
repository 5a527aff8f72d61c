import { expect, it } from "vitest";
import { listBackups } from "../../src/operations/backups.ts";
import { planVerify, repositoriesMeant } from "../../src/operations/verify.ts";
import { parsePlan } from "../../src/plan/parse-plan.ts";
import { type Answers, groundOf, play } from "./played-planning.ts";

const hour = 3_600_000;

const inventory = `
hosts: { apps: {}, spare: {} }
services:
  web:
    home: apps
    runs: { unit: web.service }
    data: [{ path: /srv/web }, { path: /srv/more }]
    sla: { rpo: 2h }
    backups: [{ to: near, every: 1h }, { to: far, every: 7d }]
    failover: { policy: manual, to: [spare] }
repositories:
  near: { restic: /near, password: "pass:a" }
  far: { restic: /far, password: "pass:b" }
  unused: { restic: /unused, password: "pass:c" }
`;

const snapshot = (id: string, time: string, ...places: readonly string[]) => ({
  id: id.padEnd(64, "0"),
  time: `2026-11-${time}:00Z`,
  tags: [
    ...["scrap", "service=web", `op=${id}`, "host=apps", "consistency=quiesced"],
    ...places.map((place) => `path:${place}=${place}`),
  ],
});

const both = ["/srv/web", "/srv/more"];
const listing = (...snapshots: readonly object[]) => ({ stdout: JSON.stringify(snapshots) });

async function list(answers: Answers) {
  const ground = await groundOf(inventory);
  return play(listBackups([...ground.inventory.services.values()], ground), [...answers, [/grep/, {}]]);
}

it("holds the repository with the newest copy against the RPO, and the others against their interval", async () => {
  const found = await list([
    [/-r \/near/, listing(snapshot("1", "21T14:00", ...both))],
    [/-r \/far/, listing(snapshot("2", "18T14:00", ...both))],
  ]);
  expect(found.map(({ repository, mostMs }) => [repository, mostMs])).toEqual([
    ["near", 2 * hour],
    ["far", 14 * 24 * hour],
  ]);
});

it("takes a copy for as old as the oldest place in it, and says which place is in none", async () => {
  const [near, far] = await list([
    [/-r \/near/, listing(snapshot("1", "21T14:00", "/srv/web"), snapshot("2", "21T09:00", ...both))],
    [/-r \/far/, listing(snapshot("3", "21T14:00", "/srv/web"))],
  ]);
  expect(near).toMatchObject({ wholeAt: new Date("2026-11-21T09:00:00Z"), missing: [], mostMs: 2 * hour });
  expect(far).toMatchObject({ missing: ["/srv/more"] });
  expect(far?.wholeAt).toBeUndefined();
});

it.each([
  [
    "damaged, until all is read again",
    [
      ["21T10", true, "damaged"],
      ["21T12", false, "well"],
    ],
    "damaged",
  ],
  [
    "well, once all was read again",
    [
      ["21T10", true, "damaged"],
      ["21T12", true, "well"],
    ],
    "well",
  ],
  [
    "damaged, when that is newer",
    [
      ["21T10", true, "well"],
      ["21T12", false, "damaged"],
    ],
    "damaged",
  ],
] as const)("knows from the hosts that a repository is %s", async (_, notes, result) => {
  const lines = notes.map(([at, readData, result]) =>
    JSON.stringify({ repository: "near", at: `2026-11-${at}:00:00Z`, readData, result }),
  );
  const [near, far] = await list([
    [/restic/, listing()],
    [/apps: grep .*verified/, { stdout: `${lines[0]}\n` }],
    [/spare: grep .*verified/, { stdout: `${lines[1]}\nno json\n` }],
  ]);
  expect(near?.verified?.result).toBe(result);
  expect(far?.verified).toBeUndefined();
});

it("has a repository verified by the first host that reaches it, and writes down what it is told", async () => {
  const ground = await groundOf(inventory);
  const plan = play(planVerify({ verb: "verify", name: "near", readData: true }, ground), [
    [/apps: .*restic/, { exitCode: 1, stderr: "ssh command exited" }],
    [/spare: .*restic/, listing()],
  ]);
  expect(plan.hosts).toEqual(["spare"]);
  expect(plan.steps).toMatchObject([
    { host: "spare", effect: "reads", means: { 65: "the repository near is damaged" } },
  ]);
  expect(plan.steps[0]).toHaveProperty("command.argv", expect.arrayContaining(["check", "--read-data"]));
  expect(parsePlan(JSON.parse(JSON.stringify(plan)), "plan.json")).toEqual(plan);
  expect(() => play(planVerify({ verb: "verify", name: "unused" }, ground), [])).toThrow(
    "No host is known that reaches unused: no service declares backups to it.",
  );
});

it("takes repositories, services, and no word for all that are used", async () => {
  const { inventory: of } = await groundOf(inventory);
  expect(repositoriesMeant([], of)).toEqual(["near", "far"]);
  expect(repositoriesMeant(["far", "web"], of)).toEqual(["far", "near"]);
  expect(() => repositoriesMeant(["fra"], of)).toThrow("No repository or service is named fra");
});
