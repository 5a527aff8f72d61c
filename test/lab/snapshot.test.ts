import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asOps } from "./planned.ts";
import { away, inventoryFor, scrap } from "./scrap.ts";

const host = "nas";
const folder = "/srv/snap-cli";
const name = "snap-cli";

/** Appends numbered lines, each on disk before the next. */
const unit = `[Service]
ExecStart=/bin/sh -c 'i=0; while :; do [ -e /run/snap-held ] || { i=$((i+1)); echo $i >>${folder}/log && sync ${folder}/log; }; done'
`;

const hooks = `
    hooks:
      beforeSnapshot: { command: [/run/snap-hold], timeout: 30s }
      afterSnapshot: [/run/snap-go]`;

const service = `
  ${name}:
    home: ${host}
    runs: { unit: ${name}.service }
    data: [{ path: ${folder} }]
    snapshots: { every: 1h, keep: { last: 1 } }${hooks}
  ${name}-cut:
    home: ${host}
    runs: { unit: ${name}.service }
    data: [{ btrfs: ${folder}-cut }]${hooks}
  ${name}-still:
    home: ${host}
    runs: { unit: ${name}.service }
    data: [{ btrfs: ${folder}-still }]
    snapshots: { every: 1h, while: stopped }
  ${name}-plain:
    home: ${host}
    runs: { unit: ${name}.service }
    data: [{ path: /etc }]
`;

interface Listed {
  readonly tag: string;
  readonly consistency: string;
}

const sh = (...lines: readonly string[]) => asOps(host, "sh", "-c", lines.join("\n"));
const hold = (more: string) =>
  sh(
    `printf '#!/bin/sh\\ntouch /run/snap-held; ${more}\\n' >/run/snap-hold`,
    "printf '#!/bin/sh\\nrm -f /run/snap-held; echo x >>/run/snap-woken\\n' >/run/snap-go",
    "chmod +x /run/snap-hold /run/snap-go; : >/run/snap-woken",
  );
const woken = async () => (await sh("cat /run/snap-woken")).split("\n").filter((line) => line !== "").length;
const isHeld = async () => (await sh("ls /run/snap-held 2>/dev/null || true")) !== "";
const timers = () => sh("systemctl list-units --all --no-legend 'scrap-dead-man-*.timer'");

describe.skipIf(away.includes(host))("snapshots of a service", () => {
  let inventory = "";
  const run = (...argv: readonly string[]) => scrap(argv, inventory);
  const list = async (of = name): Promise<readonly Listed[]> => {
    const { stdout } = await run("snapshots", of, "--json");
    const { snapshots } = JSON.parse(stdout) as { readonly snapshots: readonly Listed[] };
    return snapshots.filter(({ tag }) => tag !== undefined);
  };
  const numbersIn = async (file: string) => (await asOps(host, "cat", file)).split("\n");
  /** Others may hold the host at the moment. */
  const patiently = async (...argv: readonly string[]) => {
    for (;;) {
      const result = await run(...argv);
      if (!result.stderr.includes("is held by") && !result.stdout.includes("is held by")) return result;
      await new Promise((resolve) => setTimeout(resolve, 3000));
    }
  };
  const tidyUp = () =>
    sh(
      `systemctl stop ${name}.service 'scrap-dead-man-*.timer' 2>/dev/null`,
      `rm -f /run/systemd/system/${name}.service /run/snap-*; systemctl daemon-reload`,
      `for s in /srv/.scrap/${name}*/* ${folder}*; do [ -e $s ] && btrfs subvolume delete $s; done`,
      `rmdir /srv/.scrap/${name}* /srv/.scrap 2>/dev/null; true`,
    );

  beforeAll(async () => {
    inventory = inventoryFor("ops");
    writeFileSync(inventory, readFileSync(inventory, "utf8") + service);
    process.env["XDG_STATE_HOME"] = join(inventory, "..", "state");
    await tidyUp();
    await sh(
      ...["", "-cut", "-still"].map((end) => `btrfs subvolume create ${folder}${end}`),
      `cat >/run/systemd/system/${name}.service <<'E'\n${unit}E`,
    );
    await sh(`systemctl daemon-reload; systemctl start ${name}`);
    await hold(":");
  });
  afterAll(tidyUp);

  it("holds a prefix of what is written, made while its hook held the writer", async () => {
    const { exitCode, stdout } = await patiently("snapshot", name, "--yes");
    expect(stdout).toContain("done.");
    expect(exitCode).toBe(0);
    const [snapshot] = await list();
    expect(snapshot).toMatchObject({ consistency: "app-consistent", madeBy: "snapshot", isHeld: false });
    const lines = await numbersIn(`/srv/.scrap/${name}/${snapshot?.tag}/log`);
    expect(lines).toEqual(lines.map((_, index) => `${index + 1}`));
    expect((await numbersIn(`${folder}/log`)).length).toBeGreaterThan(lines.length);
    expect([await woken(), await isHeld(), await timers()]).toEqual([1, false, ""]);
  });

  it("makes no second one within the same minute", async () => {
    const { exitCode, stdout } = await run("snapshot", name, "--yes");
    expect(stdout).toContain("nothing to do");
    expect(exitCode).toBe(0);
    expect(await list()).toHaveLength(1);
  });

  it("refuses what cannot make snapshots, and says what would", async () => {
    const { exitCode, stderr } = await run("snapshot", `${name}-plain`, "--yes");
    expect(stderr).toContain("The file system of /etc on nas cannot make snapshots");
    expect(stderr).toContain("backup");
    expect(exitCode).toBe(6);
  });

  it("wakes the service when we are gone, and takes back what was not made at rest", async () => {
    await hold("sleep 20");
    const started = patiently("snapshot", `${name}-cut`, "--yes", "--json");
    await expect.poll(isHeld, { timeout: 30_000 }).toBe(true);
    const { operations } = JSON.parse((await run("journal", "--json")).stdout) as {
      readonly operations: readonly { readonly id: string }[];
    };
    const id = operations[0]?.id ?? "";
    const records = (await run("journal", "show", id, "--json")).stdout;
    process.kill(Number(/"pid": ?(\d+)/.exec(records)?.[1]), "SIGKILL");
    await started;
    await expect.poll(isHeld, { timeout: 90_000, interval: 1000 }).toBe(false);
    expect(await woken()).toBe(1);
    const resumed = await run("resume", id);
    expect(resumed.exitCode).toBe(4);
    expect(resumed.stdout + resumed.stderr).toContain("at rest all the time");
    expect([await isHeld(), await timers()]).toEqual([false, ""]);
    expect(await list(`${name}-cut`)).toEqual([]);
  });

  it("stops the service for that moment where it has to be", async () => {
    const { exitCode } = await patiently("snapshot", `${name}-still`, "--yes");
    expect(exitCode).toBe(0);
    expect((await list(`${name}-still`)).map(({ consistency }) => consistency)).toEqual(["quiesced"]);
    expect(await sh(`systemctl is-active ${name}`)).toBe("active");
  });

  it("destroys by the policy what was named, and nothing by --yes", async () => {
    await hold(":");
    while ((await patiently("snapshot", name, "--yes")).stdout.includes("nothing to do"))
      await new Promise((resolve) => setTimeout(resolve, 5000));
    const before = await list();
    const refused = await run("prune", name, "--yes");
    expect(refused.exitCode).toBe(6);
    expect(refused.stderr).toContain(`nas:${folder}@${before[1]?.tag}`);
    expect(await list()).toEqual(before);
    const pruned = await patiently("prune", name, "--confirm", `nas:${folder}@${before[1]?.tag}`);
    expect(pruned.exitCode).toBe(0);
    expect(await list()).toEqual(before.slice(0, 1));
    expect((await run("prune", name, "--yes")).stdout).toContain("nothing to do");
  });
});
