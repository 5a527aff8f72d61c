import { afterEach, expect, it } from "vitest";
import { type RunningDemo, startStill } from "./harness.ts";

let demo: RunningDemo;
afterEach(() => demo.close());

/** What is wrong at that second, a line for each problem, as `scrap status` lists them. */
async function problemsAt(seconds: number): Promise<string> {
  await demo.at(seconds);
  const { stdout } = await demo.scrap("status");
  return stdout
    .split("\n")
    .filter((line) => /^[▲✖?] /u.test(line))
    .join("\n");
}

it("calm: nothing is wrong, and stays so", async () => {
  demo = await startStill({ story: "calm" });
  for (const day of [0, 1, 40]) expect(await problemsAt(day * 86_400)).toBe("");
});

it("disk-failure: a mirror loses a disk, gets a new one, and is well again", async () => {
  demo = await startStill({ story: "disk-failure" });
  expect(await problemsAt(10)).toBe("");
  expect(await problemsAt(20)).toMatch(
    /^▲ nas {2}pool sdb in tank had 3 read errors \(sdb is ata-WDC\S+\)$/m,
  );
  expect(await problemsAt(60)).toMatch(
    /^✖ nas {2}pool tank is degraded: sdb is faulted, mirror-0 runs on 1 of 2 disks \(sdb is ata-WDC\S+\); files, recipes, shares, backups and 2 more stand on it$/m,
  );
  expect(await problemsAt(270)).toMatch(
    /^▲ nas {2}pool tank is degraded: \w+ is faulted, resilvering, (49|50) % done \(\w+ is ata-WDC\S+\); files, .* stand on it$/m,
  );
  expect((await demo.scrap("get", "pools")).stdout).toContain("resilvering 50%");
  expect(await problemsAt(400)).toBe("");
  expect((await demo.scrap("get", "disks", "--host", "nas")).stdout).not.toContain("sdb");
});

it("power-cut: the battery sinks, one host goes, and all come back", async () => {
  demo = await startStill({ story: "power-cut" });
  expect(await problemsAt(10)).toBe("");
  expect(await problemsAt(100)).toBe("✖ nas  ups rack is on battery, 2 min left, 57 % charged");
  const worst = await problemsAt(182);
  expect(worst).toContain("✖ nas  ups rack is on low battery, 33 s left, 17 % charged");
  expect(worst).toMatch(/^✖ cube {2}.*connect ECONNREFUSED/m);
  expect(await problemsAt(210)).not.toContain("rack");
  expect(await problemsAt(270)).toBe("▲ cube  array md0 is resyncing, 50 % done, 30 s left");
  expect(await problemsAt(310)).toBe("");
});

it("bad-upgrade: a container restarts again and again until it is rolled back", async () => {
  demo = await startStill({ story: "bad-upgrade" });
  expect(await problemsAt(10)).toBe("");
  const looping = await problemsAt(50);
  expect(looping).toContain("✖ cube  service forge: forge-server-1 restarts again and again, 5 times so far");
  expect(looping).toContain("✖ cube  service forge: http://127.0.0.1:3000/api/healthz refuses connections");
  expect((await demo.scrap("get", "containers", "forge-server-1")).stdout).toContain("forgejo:12.0.0");
  expect((await demo.scrap("logs", "forge")).stdout).toContain("migration v38 failed");
  expect(await problemsAt(190)).toBe("");
  expect((await demo.scrap("get", "containers", "forge-server-1")).stdout).toContain("forgejo:11.0.1");
});

it("mixed: something happens within half a minute, and over and over", async () => {
  demo = await startStill({ story: "mixed" });
  expect(await problemsAt(10)).toBe("");
  expect(await problemsAt(30)).toContain("✖ cube  service media: runs, but its health check fails");
  expect(await problemsAt(120)).toBe("");
  expect(await problemsAt(270)).toMatch(/^✖ vps1 {2}service mesh: failed at .*: exit status 1$/m);
  expect(await problemsAt(1000)).toBe("");
  expect(await problemsAt(1020 + 30)).toContain("✖ cube  service media: runs, but its health check fails");
  expect(await problemsAt(1020 + 450)).toContain("✖ nas  pool tank is degraded");
});
