import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Run } from "./scrap.ts";
import { inventory, patiently, plugIn, root, setUp, tearDown, unplug } from "./send-ground.ts";

let file = "";
const run = (...argv: readonly string[]) => patiently(file, ...argv);
const all = ({ stdout, stderr }: Run) => stdout + stderr;

interface Listed {
  readonly repository: string;
  readonly medium?: { readonly isThere: boolean; readonly seenAt?: string };
  readonly id?: string;
  readonly problem?: string;
  readonly sizeBytes?: number;
  readonly proof?: { readonly how: string };
}

async function listed(repository = "send-nas"): Promise<readonly Listed[]> {
  const { stdout } = await run("backups", "send-numbers", "--json");
  const all: readonly Listed[] = JSON.parse(stdout).backups;
  return all.filter((each) => each.repository === repository && each.id !== undefined);
}

const newest = async (repository?: string) => (await listed(repository))[0]?.id ?? "";

/** What the writer has on disk, which must be 1, 2, 3 … without a gap. Returns the last one. */
async function lastNumber(host: string, path = "/data/send-numbers"): Promise<number> {
  const numbers = (await root(host, `cat ${path}/numbers`)).split("\n").map(Number);
  expect(numbers.every((number, index) => number === index + 1)).toBe(true);
  return numbers.length;
}

/** What must be the same wherever it was brought. */
const looks = (host: string, path = "/data/send-numbers") =>
  root(
    host,
    `cd ${path} && sha256sum blob again hole && stat -c '%n %h' blob && stat -c '%n %a %u:%g %Y' blob hole 'a dir' && readlink 'a dir/link' && cat 'a
b' && python3 -c 'import os; print(os.getxattr("a dir", "user.k"))'`,
  );

const bases = () => root("vps1", "ls /data/.scrap/send-numbers");

/** Waits on a host until something of ours runs there, and does this to it. */
const whenThere = (host: string, pattern: string, act: string) =>
  root(
    host,
    `for i in $(seq 1500); do p=$(pgrep -f '^btrfs ${pattern}' | head -n 1); [ "$p" ] && break; sleep 0.1; done; [ "$p" ] && ${act}`,
  );

beforeAll(async () => {
  await setUp();
  file = inventory();
});
afterAll(tearDown);

describe("a backup that btrfs sends", { retry: 0, timeout: 500_000 }, () => {
  it("is refused where there is no repository, and where the data is no subvolume", async () => {
    const missing = await run("backup", "send-numbers", "--to", "send-nas", "--yes");
    expect(missing).toMatchObject({ exitCode: 6 });
    expect(missing.stderr).toMatch(/no folder \/srv\/send-lab on nas.*\nWith --init/);
    const folder = await run("backup", "send-folder", "--init", "--yes");
    expect(folder).toMatchObject({ exitCode: 6 });
    expect(folder.stderr).toMatch(/\/data\/send-folder on vps1 is no subvolume of btrfs/);
  });

  it("sends all once and then what changed, keeps what it goes on from, and lists both with size and age", async () => {
    const first = await run("backup", "send-numbers", "--init", "--yes");
    expect(first).toMatchObject({ exitCode: 0 });
    expect(first.stdout).toMatch(/send-drawer is left out: The disk labelled SENDCOLD is not there/);
    expect(first.stdout).toMatch(/Send all of \/data\/send-numbers[\s\S]*passed on, all of it/);
    const base = await bases();
    expect(base.split("\n")).toHaveLength(1);
    const second = await run("backup", "send-numbers", "--yes");
    expect(second).toMatchObject({ exitCode: 0 });
    expect(second.stdout).toMatch(/Send what changed in \/data\/send-numbers[\s\S]*passed on, all of it/);
    expect((await bases()).split("\n")).toHaveLength(1);
    expect(await bases()).not.toBe(base);
    const both = await listed();
    expect(both).toHaveLength(2);
    expect(both[0]?.problem).toBeUndefined();
    expect(both[0]?.sizeBytes).toBeGreaterThan(2_000_000);
    // What backups go on from is nothing that a policy lets go.
    expect(await run("snapshot", "send-numbers", "--yes")).toMatchObject({ exitCode: 0 });
    expect((await bases()).split("\n")).toHaveLength(2);
  });

  it("takes what was cut off for nothing, and begins again by itself", async () => {
    await root("vps1", "head -c 24000000 /dev/urandom >/data/send-numbers/big");
    const before = await listed();
    // The connection to who gets it.
    const cut = whenThere(
      "nas",
      "receive",
      `{ while [ "$(cat /proc/$p/comm)" != sshd ]; do p=$(cut -d ' ' -f 4 /proc/$p/stat); done; kill -9 $p; }`,
    );
    const again = await run("backup", "send-numbers", "--yes");
    await cut;
    expect(again).toMatchObject({ exitCode: 0 });
    expect(await listed()).toHaveLength(before.length + 1);
  });

  it("leaves nothing that counts where who gets it fails, and says why", async () => {
    await root("vps1", "head -c 24000000 /dev/urandom >/data/send-numbers/big");
    const before = await listed();
    const kill = whenThere("nas", "receive", "kill -9 $p");
    const failed = await run("backup", "send-numbers", "--yes");
    await kill;
    expect(failed).toMatchObject({ exitCode: 4 });
    expect(all(failed)).toMatch(/nas: exit 137[\s\S]*all else was put back/);
    expect(await listed()).toEqual(before);
    expect(await root("nas", "ls -d /srv/send-lab/vps1/send-numbers/*/*/scrap-* | wc -l")).toBe(
      `${before.length}`,
    );
  });
});

describe("a restore of it", { retry: 0, timeout: 500_000 }, () => {
  it("brings every file back, and keeps what was there", async () => {
    const id = await newest();
    const before = await looks("vps1");
    const live = await lastNumber("vps1");
    const restored = await run("restore", "send-numbers", "--from", id, "--yes");
    expect(restored).toMatchObject({ exitCode: 0 });
    expect(restored.stdout).toMatch(/all files are as they were: 6/);
    const [, kept = ""] = /kept as (\S+)/.exec(restored.stdout) ?? [];
    expect(await lastNumber("vps1", kept)).toBeGreaterThanOrEqual(live);
    await lastNumber("vps1");
    expect(await looks("vps1")).toBe(before);
    // What is there now is another subvolume, and what was sent before is still something to go on from.
    const next = await run("backup", "send-numbers", "--yes");
    expect(next.stdout).toMatch(/Send what changed in/);
    expect(next).toMatchObject({ exitCode: 0 });
  });

  it("is tried first, and the proof is shown", async () => {
    const id = await newest();
    const drill = await run("restore", "send-numbers", "--from", id, "--drill", "--yes");
    expect(drill).toMatchObject({ exitCode: 0 });
    expect((await listed())[0]?.proof?.how).toBe("verified");
    expect(await root("vps1", "ls -d /data/*_restore_* 2>/dev/null; true")).toBe("");
  });

  it("brings it to a host that has no btrfs", async () => {
    const id = await newest();
    expect(await run("stop", "send-numbers", "--yes")).toMatchObject({ exitCode: 0 });
    const there = await run("restore", "send-numbers", "--from", id, "--to", "vps2", "--yes");
    expect(there).toMatchObject({ exitCode: 0 });
    await lastNumber("vps2");
    expect(await looks("vps2")).toBe(await looks("vps1"));
    expect(await run("stop", "send-numbers", "--yes")).toMatchObject({ exitCode: 0 });
  });
});

describe("a disk that lies in a drawer", { retry: 0, timeout: 500_000 }, () => {
  const cold = (...argv: readonly string[]) =>
    run("backup", "send-numbers", "--to", "send-drawer", "--yes", ...argv);
  const mounted = () => root("vps1", "findmnt -rn -o TARGET -S /dev/loop40; ls -d /run/scrap/cold-*; true");

  it("is asked for by its label, and left alone while somebody uses it", async () => {
    await root("vps1", "systemctl start send-numbers");
    expect((await cold("--init")).stderr).toMatch(/Plug in the disk labelled SENDCOLD at vps1/);
    await plugIn();
    await root("vps1", "mkdir -p /mnt/send-cold && mount /dev/loop40 /mnt/send-cold");
    const used = await cold("--init");
    expect(used).toMatchObject({ exitCode: 6 });
    expect(used.stderr).toMatch(/is mounted at \/mnt\/send-cold on vps1: somebody uses it/);
    await root("vps1", "umount /mnt/send-cold");
  });

  it("is copied to, let go, and known to be there and away", async () => {
    const copied = await cold("--init");
    expect(copied).toMatchObject({ exitCode: 0 });
    expect(copied.stdout).toMatch(/SENDCOLD is unmounted: it is safe to unplug/);
    expect(await mounted()).toBe("");
    expect((await listed("send-drawer"))[0]?.medium?.isThere).toBe(true);
    await unplug();
    const [away] = await listed("send-drawer");
    expect(away).toMatchObject({ medium: { isThere: false } });
    expect(away?.problem).toBeUndefined();
    expect((await run("backups", "send-numbers")).stdout).toMatch(
      /send-drawer: the disk SENDCOLD is away; last copied to/,
    );
    // As it is a month later.
    await root("vps1", "sed -i 's/2026-[0-9][0-9]-/2026-01-/g' /var/lib/scrap/cold/send-drawer");
    expect((await listed("send-drawer"))[0]?.problem).toMatch(/^late: /);
  });

  it("is let go where the copying fails, too, and gives back what it has", async () => {
    const refused = await run("restore", "send-numbers", "--from", await newest("send-drawer"), "--yes");
    expect(refused.stderr).toMatch(/Plug in the disk labelled SENDCOLD at vps1/);
    await plugIn();
    await root("vps1", "head -c 60000000 /dev/urandom >/data/send-numbers/big");
    const full = await cold();
    expect(full).toMatchObject({ exitCode: 4 });
    expect(all(full)).toMatch(/no space left on device/i);
    expect(await mounted()).toBe("");
    await root("vps1", "rm /data/send-numbers/big");
    const live = await lastNumber("vps1");
    const restored = await run("restore", "send-numbers", "--from", await newest("send-drawer"), "--yes");
    expect(restored).toMatchObject({ exitCode: 0 });
    expect(await lastNumber("vps1")).toBeLessThan(live + 1000);
    expect(await mounted()).toBe("");
  });
});
