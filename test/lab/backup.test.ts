import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canary, folder, inventory, patiently, root, setUp, tearDown } from "./backup-ground.ts";
import type { Run } from "./scrap.ts";

let file = "";
const run = (...argv: readonly string[]) => patiently(file, ...argv);
const all = ({ stdout, stderr }: Run) => stdout + stderr;

interface Listed {
  readonly service: string;
  readonly id?: string;
  readonly problem?: string;
  readonly proof?: { readonly how: string };
}

async function listed(service: string): Promise<readonly Listed[]> {
  const { stdout } = await run("backups", service, "--json");
  return JSON.parse(stdout).backups;
}

const newest = async (service: string) => (await listed(service))[0]?.id ?? "";

/** What the writer has on disk, which must be 1, 2, 3 … without a gap. Returns the last one. */
async function lastNumber(host: string, path: string): Promise<number> {
  const numbers = (await root(host, `cat ${path}/numbers`)).split("\n").map(Number);
  expect(numbers.every((number, index) => number === index + 1)).toBe(true);
  return numbers.length;
}

beforeAll(async () => {
  await setUp();
  file = inventory();
});
afterAll(tearDown);

describe("a backup", { retry: 0 }, () => {
  it("is refused before anything is done where the repository does not answer, or does not open", async () => {
    const missing = await run("backup", "backup-numbers", "--yes");
    expect(missing).toMatchObject({ exitCode: 6 });
    expect(missing.stderr).toMatch(/no restic repository at .*\nWith --init/);
    const away = await run("backup", "backup-numbers", "--to", "backup-away", "--yes");
    expect(away).toMatchObject({ exitCode: 6 });
    expect(away.stderr).toMatch(
      /does not reach the repository backup-away .*(Permission denied|Host key verification failed)/,
    );
  });

  it("holds a moment of a service that goes on writing, and no secret is seen anywhere", async () => {
    const watch = root(
      "vps1",
      "for i in $(seq 60); do ps -eo args; find /run/scrap -type f -perm /077; sleep 0.1; done",
    );
    const before = await lastNumber("vps1", "/data/backup-numbers");
    const { exitCode, stdout } = await run("backup", "backup-numbers", "--init", "--yes");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/RESTIC_PASSWORD=‹file:/);
    const [backup] = await listed("backup-numbers");
    expect(backup).toMatchObject({ consistency: "crash-consistent", host: "vps1" });
    expect(backup?.problem).toBeUndefined();
    expect(before).toBeGreaterThan(0);
    // The snapshot was for that alone.
    expect(await root("vps1", "ls /data/.scrap/backup-numbers")).toBe("");

    const secret = canary.slice(0, 14);
    expect(await watch).not.toContain(secret);
    expect(stdout).not.toContain(secret);
    // Not as it is: this question is logged, too.
    const pattern = `[${canary.at(-9)}]${canary.slice(-8)}`;
    const found = await root(
      "vps1",
      `grep -rl '${pattern}' /var/lib/scrap /run/scrap /tmp /var/log /root/.cache; journalctl -n 5000 | grep -c '${pattern}'; true`,
    );
    expect(found).toBe("0");
    const journals = join(folder, "state");
    for (const name of readdirSync(journals, { recursive: true, encoding: "utf8" }))
      if (/\.\w+$/.test(name)) expect(readFileSync(join(journals, name), "utf8")).not.toContain(secret);
  });

  it("is refused with another password than the repository's", async () => {
    const wrong = await run("backup", "backup-numbers", "--to", "backup-wrong", "--yes");
    expect(wrong).toMatchObject({ exitCode: 6 });
    expect(wrong.stderr).toMatch(/does not open: cmd:echo wrong is not its password/);
  });
});

describe("a restore", { retry: 0 }, () => {
  it("chooses nothing by itself", async () => {
    const { exitCode, stderr } = await run("restore", "backup-numbers", "--yes");
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2 });
    expect(stderr).toMatch(/--from ID/);
  });

  it("puts the data of then in the place of the live data, which it keeps", async () => {
    const id = await newest("backup-numbers");
    const live = await lastNumber("vps1", "/data/backup-numbers");
    const restored = await run("restore", "backup-numbers", "--from", id, "--yes");
    expect(restored).toMatchObject({ exitCode: 0 });
    const [, kept = ""] = /kept as (\S+)/.exec(restored.stdout) ?? [];
    // All that was acknowledged before the stop is there still.
    expect(await lastNumber("vps1", kept)).toBeGreaterThanOrEqual(live);
    await lastNumber("vps1", "/data/backup-numbers");
    expect(await root("vps1", "systemctl is-active backup-numbers; ls -d /data/*_restore_*; true")).toBe(
      "active",
    );
  });

  it("puts a snapshot of the host itself in the place of the live data, too", async () => {
    expect(await run("snapshot", "backup-numbers", "--yes")).toMatchObject({ exitCode: 0 });
    const tag = await root("vps1", "ls /data/.scrap/backup-numbers");
    expect(tag).toMatch(/^scrap-.*-snapshot-/);
    expect(await run("restore", "backup-numbers", "--from", tag, "--yes")).toMatchObject({ exitCode: 0 });
    await lastNumber("vps1", "/data/backup-numbers");
    expect(await root("vps1", "systemctl is-active backup-numbers")).toBe("active");
  });

  it("brings it to another host once it runs nowhere else", async () => {
    const id = await newest("backup-numbers");
    const twice = await run("restore", "backup-numbers", "--from", id, "--to", "vps2", "--yes");
    expect(twice).toMatchObject({ exitCode: 6 });
    expect(twice.stderr).toMatch(/two of it must never write at once.*\nscrap stop/);
    expect(await run("stop", "backup-numbers", "--yes")).toMatchObject({ exitCode: 0 });
    expect(await run("restore", "backup-numbers", "--from", id, "--to", "vps2", "--yes")).toMatchObject({
      exitCode: 0,
    });
    await lastNumber("vps2", "/data/backup-numbers");
    expect(await root("vps2", "systemctl is-active backup-numbers")).toBe("active");
    expect(await run("stop", "backup-numbers", "--yes")).toMatchObject({ exitCode: 0 });
    await root("vps1", "systemctl start backup-numbers");
  });

  it("leaves everything as it was where the disk is full", async () => {
    expect(await run("backup", "backup-small", "--yes")).toMatchObject({ exitCode: 0 });
    const id = await newest("backup-small");
    // Few inodes are left there, which no one counts before.
    const full = await run("restore", "backup-small", "--from", id, "--yes");
    expect(all(full)).toMatch(/no space left on device[\s\S]*All that was changed was put back/i);
    expect(full.exitCode).toBe(4);
    await root("vps1", "head -c 14000000 /dev/zero >/var/lib/small/backup-small/zeroes");
    await run("backup", "backup-small", "--yes");
    const refused = await run("restore", "backup-small", "--from", await newest("backup-small"), "--yes");
    expect(refused).toMatchObject({ exitCode: 6 });
    expect(refused.stderr).toMatch(/There is no room beside \/var\/lib\/small\/backup-small/);
    const rest = "systemctl is-active backup-small; ls -d /var/lib/small/backup-*";
    expect(await root("vps1", rest)).toBe("active\n/var/lib/small/backup-small");
  });
});

describe("a drill", { retry: 0 }, () => {
  it("starts what was restored apart from the live one, and what it proves is shown", async () => {
    expect(await run("backup", "backup-page", "--init", "--yes")).toMatchObject({ exitCode: 0 });
    const id = await newest("backup-page");
    const drill = await run("restore", "backup-page", "--from", id, "--drill", "--yes");
    expect(drill).toMatchObject({ exitCode: 0 });
    expect(drill.stdout).toMatch(/all files are as they were: 2/);
    const [backup] = await listed("backup-page");
    expect(backup?.proof?.how).toBe("well");
    expect(
      await root(
        "vps1",
        "podman ps -aq --filter name=scrap-drill; ls -d /data/*_restore_* 2>/dev/null; true",
      ),
    ).toBe("");
  });

  it("finds one flipped bit in the repository, and so does a restore, which changes nothing", async () => {
    const id = await newest("backup-numbers");
    await root(
      "nas",
      `for f in /srv/backup-lab/restic/data/*/*; do chmod u+w $f; python3 -c "
import sys
with open('$f', 'r+b') as f:
    f.seek(40); b = f.read(1); f.seek(40); f.write(bytes([b[0] ^ 1]))"; done`,
    );
    for (const drill of [["--drill"], []]) {
      const broken = await run("restore", "backup-numbers", "--from", id, "--yes", ...drill);
      expect(broken.exitCode).toBe(4);
      expect(all(broken)).toMatch(/ciphertext verification failed|invalid data returned/);
    }
    expect((await listed("backup-numbers"))[0]?.proof).toBeUndefined();
    expect(
      await root("vps1", "systemctl is-active backup-numbers; ls -d /data/*_restore_* 2>/dev/null; true"),
    ).toBe("active");
    await lastNumber("vps1", "/data/backup-numbers");
  });
});
