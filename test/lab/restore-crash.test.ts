import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { folder, inventory, patiently, root, setUp, tearDown } from "./backup-ground.ts";
import { createCuts, isEvery, moments, untilFree, whyNoCuts } from "./cut-off.ts";
import type { Run } from "./scrap.ts";

const name = "backup-numbers";
const file = inventory();
const cuts = createCuts({
  host: "vps1",
  service: name,
  operation: "restore",
  state: join(folder, "state"),
  inventory: file,
});

let from = "";
beforeAll(async () => {
  await setUp();
  expect(await patiently(file, "backup", name, "--init", "--yes")).toMatchObject({ exitCode: 0 });
  from = JSON.parse((await patiently(file, "backups", name, "--json")).stdout).backups[0].id;
});
afterAll(async () => {
  await cuts.tearDown();
  await tearDown();
});

const plan = () => cuts.plan("restore", name, "--from", from);

/** Nobody is needed; one writes, on data that is whole, and what was there before is whole beside it, or was never touched. */
async function expectRecovered(id: string, { exitCode, stdout, stderr }: Run): Promise<string> {
  expect({ exitCode, said: [0, 4].includes(exitCode) ? "" : stdout + stderr }).toEqual({
    exitCode: exitCode === 4 ? 4 : 0,
    said: "",
  });
  const seen = await root(
    "vps1",
    `systemctl is-active ${name}; pgrep -fc '^/usr/bin/python3 /usr/local/bin/backup-writer /data/${name}'; ls -d /data/*_restore_* 2>/dev/null
     for f in /data/${name}/numbers $(ls /data/${name}_before_${id}/numbers 2>/dev/null); do
       awk '$1 != NR { torn = 1 } END { print !torn && NR }' $f | sed 's/[1-9].*/whole/'
     done`,
  );
  expect(seen).toBe(exitCode === 0 ? "active\n1\nwhole\nwhole" : "active\n1\nwhole");
  expect(await patiently(file, "journal", "verify", id)).toMatchObject({ exitCode: 0 });
  return exitCode === 0 ? "done" : "walked back";
}

describe.skipIf(whyNoCuts)("a restore", { timeout: 3_600_000, retry: 0 }, () => {
  it("goes on wherever who carries it out was killed", async () => {
    const points: string[] = [];
    for (const nth of isEvery ? Array.from({ length: 100 }, (_, index) => index + 1) : [4, 6, 8]) {
      const isWhole = await untilFree(async () => {
        const id = await plan();
        const point = await cuts.cutHere(id, nth);
        if (point === "held") return undefined;
        const run = point === undefined ? { exitCode: 0, stdout: "", stderr: "" } : await cuts.resume(id);
        if (run === undefined) return undefined;
        const end = await expectRecovered(id, run);
        if (point !== undefined) points.push(`${nth}: after ${point}: ${end}`);
        console.log(points.at(-1));
        return point === undefined;
      });
      if (isWhole) break;
    }
    console.log(`killed here at ${points.length} points: all recovered\n${points.join("\n")}`);
  });

  const jobs = ["place-1-beside", "restore", "stop", "place-1-aside", "place-1-swap", "start"];
  const every = jobs.flatMap((job) => moments.map((moment) => ({ job, moment })));
  const few = every.filter(
    ({ job, moment }) =>
      (job === "restore" && moment === "started") || (job === "place-1-swap" && moment === "ran"),
  );
  it("goes on wherever a job was killed on its host", async () => {
    const points: string[] = [];
    for (const { job, moment } of isEvery ? every : few) {
      const end = await untilFree(async () => {
        const id = await plan();
        const run = await cuts.cutThere(id, job, moment);
        return run && expectRecovered(id, run);
      });
      points.push(`${job} ${moment}: ${end}`);
      console.log(points.at(-1));
    }
    console.log(`killed there at ${points.length} points: all recovered\n${points.join("\n")}`);
  });
});
