import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { folder, inventory, patiently, root, setUp, tearDown } from "./backup-ground.ts";
import { sleep } from "./shell.ts";

const journals = join(folder, "state/scrap/journal");
const bin = fileURLToPath(new URL("../../bin/scrap", import.meta.url));

interface Noted {
  readonly kind: string;
  readonly step?: string;
  readonly pid?: number;
}

const namesOf = (): readonly string[] => {
  try {
    return readdirSync(journals).filter((name) => /restore.*jsonl$/.test(name));
  } catch {
    return [];
  }
};

const read = (name: string): readonly Noted[] =>
  readFileSync(join(journals, name), "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));

/** Restores, and kills who carries it out at that point. Resolves with the id of the operation; undefined when a host was held. */
async function cutOff(file: string, from: string, kind: string, step: string): Promise<string | undefined> {
  const before = new Set(namesOf());
  const child = spawn(bin, ["--inventory", file, "restore", "backup-numbers", "--from", from, "--yes"], {
    stdio: "ignore",
  });
  const ended = new Promise((resolve) => child.on("close", resolve));
  for (;;) {
    await sleep(10);
    const name = namesOf().find((each) => !before.has(each));
    if (!name) continue;
    const records = read(name);
    if (records.some((record) => record.kind === "ended")) {
      await ended;
      return undefined;
    }
    if (!records.some((record) => record.kind === kind && record.step === step)) continue;
    process.kill(records.findLast(({ pid }) => pid !== undefined)?.pid ?? 0, "SIGKILL");
    child.kill("SIGKILL");
    await ended;
    return name.replace(/\.jsonl$/, "");
  }
}

const steps = ["place-1-beside", "restore", "stop", "place-1-aside", "place-1-swap", "start", "well"];
const few = ["restore", "place-1-swap", "start"];
const points = (process.env["SCRAP_EVERY_POINT"] ? steps : few).flatMap((step) =>
  (process.env["SCRAP_EVERY_POINT"] && step !== "well" ? ["intent", "started", "done"] : ["intent"]).map(
    (kind) => [kind, step] as const,
  ),
);

let file = "";
let id = "";
beforeAll(async () => {
  await setUp();
  file = inventory();
  expect(await patiently(file, "backup", "backup-numbers", "--init", "--yes")).toMatchObject({ exitCode: 0 });
  id = JSON.parse((await patiently(file, "backups", "backup-numbers", "--json")).stdout).backups[0].id;
});
afterAll(tearDown);

it.each(points)("goes on after it was cut off at %s of %s", { retry: 0 }, async (kind, step) => {
  let operation: string | undefined;
  for (let tries = 0; operation === undefined && tries < 60; tries += 1)
    operation = await cutOff(file, id, kind, step);
  const resumed = await patiently(file, "resume", operation ?? "");
  expect(resumed.stdout + resumed.stderr).toMatch(/done\./);
  expect(resumed.exitCode).toBe(0);
  expect(await patiently(file, "journal", "verify", operation ?? "")).toMatchObject({ exitCode: 0 });
  // One that writes, on data that is whole; what was there before is whole beside it.
  const seen = await root(
    "vps1",
    `systemctl is-active backup-numbers; pgrep -fc '^/usr/bin/python3 /usr/local/bin/backup-writer /data/backup-numbers'; ls -d /data/*_restore_* 2>/dev/null
     for f in /data/backup-numbers/numbers /data/backup-numbers_before_${operation}/numbers; do awk '$1 != NR { torn = 1 } END { print !torn && NR }' $f | sed 's/[1-9].*/whole/'; done`,
  );
  expect(seen).toBe("active\n1\nwhole\nwhole");
});
