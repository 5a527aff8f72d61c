import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { dirname } from "node:path";
import { expect, it, vi } from "vitest";
import { parseDemoArguments } from "../../src/demo/arguments.ts";
import { startDemo } from "../../src/demo/demo.ts";
import { UsageError } from "../../src/errors.ts";
import { createTransport } from "../../src/transport/create-transport.ts";
import { toSshArguments } from "../../src/transport/ssh-arguments.ts";
import { hasProgram } from "../transport/sshd.ts";
import { startStill } from "./harness.ts";

it("is all well when it is calm: every host, every service, every check", async () => {
  const demo = await startStill({ story: "calm" });
  try {
    const status = await demo.scrap("status", "--json");
    expect(status.exitCode).toBe(0);
    expect(JSON.parse(status.stdout).hosts).toHaveLength(8);
    expect(demo.inventory.services.size).toBeGreaterThanOrEqual(20);
    const { resources } = await demo.homelab();
    const kinds = new Set(resources.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(
      "array container disk filesystem host pod pool project timer unit ups".split(" "),
    );
    expect(resources.filter(({ health }) => health !== "ok")).toEqual([]);
    const services = (await demo.scrap("get", "services", "--json")).stdout;
    expect(services).not.toContain("not checked");
    expect((await demo.scrap("doctor")).stdout.match(/unseen +(.*)/g)).toEqual(
      Array(8).fill("unseen    nothing"),
    );
  } finally {
    await demo.close();
  }
});

it("is as strict as a host: what is not there is not there", async () => {
  const demo = await startStill({ story: "calm" });
  const transport = createTransport({ hosts: demo.inventory.hosts });
  const link = transport.link("gate");
  try {
    expect(await link.ask({ argv: ["zpool", "list"] })).toMatchObject({
      exitCode: 127,
      stderr: "timeout: failed to run command ‘zpool’: No such file or directory\n",
    });
    expect(await link.ask({ argv: ["rm", "-rf", "/"] })).toMatchObject({ exitCode: 127 });
    expect(await link.ask({ argv: ["docker", "ps"], asRoot: true })).toMatchObject({ exitCode: 127 });
    expect(await link.ask({ argv: ["systemctl", "frobnicate"] })).toMatchObject({ exitCode: 1 });
    expect(
      await link.ask({ argv: ["smartctl", "-j", "-i", "-H", "-A", "-n", "standby,3", "--", "/dev/sda"] }),
    ).toMatchObject({ exitCode: 2 });
    expect((await link.ask({ files: ["/etc/shadow", "/proc/sys/kernel/hostname"] })).stdout).toBe(
      "=/proc/sys/kernel/hostname\n:gate\n",
    );
    expect((await link.ask({ programs: ["zpool", "lsblk"], paths: ["/dev/sd*", "/nothing"] })).stdout).toBe(
      "+lsblk /usr/bin/lsblk\n/dev/sda\n/dev/sda1\n/dev/sda2\n",
    );
    await expect(link.forward("127.0.0.1", 9999)).rejects.toThrow(/9999 refuses connections$/);
    await expect(link.forward("192.0.2.1", 53)).rejects.toThrow(/192\.0\.2\.1/);
  } finally {
    await transport.close();
    await demo.close();
  }
});

it("follows a log as time passes", async () => {
  let now = 0;
  const demo = await startDemo({ story: "bad-upgrade", clock: () => now });
  const transport = createTransport({ hosts: demo.inventory.hosts });
  const stop = new AbortController();
  const lines: string[] = [];
  try {
    const argv = ["docker", "logs", "--timestamps", "--tail=3", "--follow", "--", "forge-server-1"] as const;
    const following = transport.link("cube").follow(
      { argv, asRoot: true },
      (line) => {
        lines.push(line);
        now = 25_000;
        if (line.includes("exiting with status 1")) stop.abort();
      },
      stop.signal,
    );
    await expect(following).rejects.toThrow();
    expect(lines.length).toBeGreaterThan(4);
  } finally {
    await transport.close();
    await demo.close();
  }
});

it("gives who comes by their own ssh a shell", async (context) => {
  if (!hasProgram("ssh")) context.skip("needs ssh (package openssh-client)");
  const demo = await startStill({ story: "calm" });
  try {
    const nas = demo.inventory.hosts.get("nas");
    if (!nas) throw new Error("there is no nas");
    const ssh = spawn("ssh", ["-tt", ...toSshArguments(nas, undefined, undefined)]);
    let seen = "";
    ssh.stdout.on("data", (bytes) => {
      if (!seen.includes("$ ") && `${seen}${bytes}`.includes("$ "))
        ssh.stdin.write("hostx\x7fname\rwhat\r\x04");
      seen += bytes;
    });
    const [exitCode] = await once(ssh, "close");
    expect([exitCode, seen.replaceAll("\r", "")]).toEqual([
      0,
      expect.stringMatching(
        /ops@nas:~\$ .*\nnas\nops@nas:~\$ what\n\/bin\/sh: 1: what: not found\nops@nas:~\$ logout\n$/,
      ),
    ]);
  } finally {
    await demo.close();
  }
});

it("leaves nothing behind: no file, no open port", async () => {
  const demo = await startStill({ story: "calm" });
  const [host] = demo.inventory.hosts.values();
  expect(existsSync(host?.identityFile ?? "")).toBe(true);
  await demo.close();
  expect(existsSync(dirname(host?.identityFile ?? ""))).toBe(false);
  await expect(
    new Promise((resolve, reject) =>
      connect(host?.port ?? 0, "127.0.0.1", () => resolve("connected")).on("error", reject),
    ),
  ).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

it("needs no OpenSSH on this machine", async () => {
  vi.stubEnv("PATH", "/nonexistent");
  const demo = await startStill({ story: "calm" });
  try {
    const status = await demo.scrap("status", "--json");
    expect(status.exitCode).toBe(0);
    expect(JSON.parse(status.stdout).hosts).toHaveLength(8);
    expect((await demo.scrap("doctor", "nas")).stdout).toContain("in the inventory");
  } finally {
    vi.unstubAllEnvs();
    await demo.close();
  }
});

it("comes up with fifty hosts", async () => {
  const demo = await startStill({ story: "calm", hosts: 50 });
  try {
    const { stdout, exitCode } = await demo.scrap("status", "--json");
    expect([exitCode, JSON.parse(stdout).hosts.length]).toEqual([0, 50]);
    const services = JSON.parse((await demo.scrap("get", "units", "--host", "host050", "--json")).stdout);
    expect(JSON.stringify(services)).toContain("ledger.service");
  } finally {
    await demo.close();
  }
});

it("takes its own options from in front of the command", () => {
  expect(parseDemoArguments(["--story", "power-cut", "status", "--json"])).toEqual({
    story: "power-cut",
    rest: ["status", "--json"],
  });
  expect(parseDemoArguments(["--hosts=500", "--at", "2.5"])).toEqual({ hosts: 500, at: 2.5, rest: [] });
  expect(parseDemoArguments(["get", "hosts", "--story"])).toEqual({ rest: ["get", "hosts", "--story"] });
  expect(() => parseDemoArguments(["--story", "sad"])).toThrow(UsageError);
  expect(() => parseDemoArguments(["--hosts", "many"])).toThrow(UsageError);
  expect(() => parseDemoArguments(["--at", "noon"])).toThrow(UsageError);
  expect(() => parseDemoArguments(["--hosts", "5", "--story", "power-cut"])).toThrow(UsageError);
});
