import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { UnreachableError } from "../../src/errors.ts";
import { type RecordedLab, scrap } from "./harness.ts";

const inventory = `
version: 1
hosts:
  vps1: { groups: [apps], zone: closet }
  vps2: { groups: [apps], zone: shed }
  pi: { zone: shed }
  old: {}
services:
  web: { home: vps1, runs: { quadlet: web.container }, sla: { downtime: 7d/month } }
  mail: { home: vps1, runs: { quadlet: mail.pod }, data: [{ btrfs: /data/mail }] }
  chat: { home: vps2, runs: { compose: chat } }
  photos: { home: vps1, runs: { quadlet: photos.container, user: alice } }
  ledger: { home: vps2, runs: { unit: ledger.service } }
  ghost: { home: vps2, runs: { container: ghost } }
`;

const refused = new UnreachableError("connect", "old (10.0.20.40:22) refused the connection.");
const healthy: RecordedLab = {
  inventory: inventory
    .replace(/ {2}chat:.*\n/, "")
    .replace(/ {2}ghost:.*\n/, "")
    .replace("  old: {}\n", ""),
  hosts: { vps1: ["vps1-snapshots", "vps1-healthy"], vps2: ["vps2-healthy"], pi: ["pi-healthy"] },
};
const troubled: RecordedLab = {
  inventory,
  hosts: {
    vps1: ["vps1-snapshots", "vps1-healthy"],
    vps2: ["vps2-services-failing", "vps2-healthy"],
    pi: ["pi-healthy"],
    old: refused,
  },
  columns: 80,
};

// The day of the recordings: what is printed tells ages.
beforeAll(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-11-20T20:30:00Z") });
});
afterAll(() => {
  vi.useRealTimers();
});

describe("status", () => {
  it("is calm about what is well", async () => {
    const { exitCode, stdout } = await scrap(healthy, "status");
    expect(stdout).not.toContain("PROBLEMS");
    expect(stdout.split("\n")).toHaveLength(4);
    expect(exitCode).toBe(0);
  });

  it("has one line a host, then the problems, within 80 columns", async () => {
    const { exitCode, stdout } = await scrap(troubled, "status");
    expect(stdout).toMatchSnapshot();
    const table = stdout.split("\n\n")[0] ?? "";
    expect(Math.max(...table.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(exitCode).toBe(3);
  });

  it("loses nothing important in 40 columns", async () => {
    const { stdout } = await scrap({ ...troubled, columns: 40 }, "status", "vps2", "old");
    expect(stdout).toMatchSnapshot();
  });

  it("takes hosts, groups, zones, globs and exclusions", async () => {
    const names = async (...words: string[]) =>
      (await scrap(troubled, "status", "-o", "name", ...words)).stdout.split("\n");
    expect(await names("apps")).toEqual(["vps1", "vps2"]);
    expect(await names("zone:shed")).toEqual(["vps2", "pi"]);
    expect(await names("vps*", "!vps2")).toEqual(["vps1"]);
    expect(await scrap(troubled, "status", "vsp1")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("vps1"),
    });
  });

  it("speaks ASCII where the locale does", async () => {
    const { stdout } = await scrap({ ...troubled, environment: { LANG: "C" } }, "status");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII.
    expect(stdout).toMatch(/^[\x00-\x7f]*$/);
  });
});

describe("the JSON document", () => {
  it("is of version 1 and has its promised fields", async () => {
    const { exitCode, stdout, stderr } = await scrap(troubled, "status", "--json");
    const { version, at, hosts, resources } = JSON.parse(stdout);
    expect([version, at]).toEqual([1, "2026-11-20T20:30:00.000Z"]);
    expect(hosts.map(({ name, state }: { name: string; state: string }) => [name, state])).toEqual([
      ["vps1", "degraded"],
      ["vps2", "failed"],
      ["pi", "ok"],
      ["old", "unreachable"],
    ]);
    for (const host of hosts)
      expect(Object.keys(host)).toEqual([
        "name",
        "address",
        "state",
        "seenAt",
        "transport",
        "problems",
        "facts",
        "probes",
        "unseen",
      ]);
    for (const resource of resources)
      expect(Object.keys(resource)).toEqual([
        "id",
        "kind",
        "backend",
        "host",
        "scope",
        "name",
        "health",
        "reason",
        "seenAt",
        "uses",
        "details",
      ]);
    expect(new Set(resources.map(({ id }: { id: string }) => id)).size).toBe(resources.length);
    expect([exitCode, stderr]).toEqual([3, ""]);
  });

  it("is the same as YAML", async () => {
    const yaml = await scrap(healthy, "get", "containers", "-o", "yaml");
    const json = await scrap(healthy, "get", "containers", "--json");
    expect(parse(yaml.stdout)).toEqual(JSON.parse(json.stdout));
  });

  it("tells a failed question from one that was never asked, and an absent tool from both", async () => {
    const { stdout } = await scrap(healthy, "get", "host", "pi", "--json");
    const [{ probes }] = JSON.parse(stdout).hosts;
    expect(probes.podman).toEqual({ status: "absent", why: "podman is not installed" });
    expect(probes["host.load"].status).toBe("known");
  });
});

describe("get", () => {
  it.each(["units", "timers", "containers", "pods", "projects", "services", "filesystems", "pools"])(
    "lists %s",
    async (kind) => {
      const { stdout } = await scrap({ ...troubled, columns: 120 }, "get", kind, "--host", "apps");
      expect(stdout).toMatchSnapshot();
    },
  );

  it("takes a lone !word for all but that", async () => {
    const left = await scrap(healthy, "get", "service", "!mail", "!p*", "-o", "name");
    expect(left).toMatchObject({
      exitCode: 0,
      stdout: "vps1/inventory/service/web\nvps2/inventory/service/ledger",
    });
    const { stderr, exitCode } = await scrap(healthy, "get", "service", "!mial");
    expect(stderr).toContain("No service is named mial; did you mean mail?");
    expect(exitCode).toBe(2);
  });

  it("shows problems only", async () => {
    const { exitCode, stdout } = await scrap(
      troubled,
      "get",
      "unit",
      "--problems",
      "-o",
      "name",
      "--host",
      "vps2",
    );
    expect(stdout.split("\n")).toContain("vps2/systemd/unit/ledger.service");
    expect(exitCode).toBe(1);
  });

  it("lists hosts by name without asking any of them", async () => {
    const lab: RecordedLab = { inventory, hosts: {} };
    expect(await scrap(lab, "get", "hosts", "-o", "name")).toEqual({
      exitCode: 0,
      stdout: "vps1\nvps2\npi\nold",
      stderr: "",
    });
  });

  it("refuses a kind, a name or a form that is not there", async () => {
    expect(await scrap(healthy, "get", "nodes")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("Kinds are"),
    });
    expect(await scrap(healthy, "get", "unit", "nope")).toMatchObject({ exitCode: 2 });
    expect(await scrap(healthy, "get", "unit", "-o", "xml")).toMatchObject({ exitCode: 2 });
    expect(await scrap(healthy, "gte")).toMatchObject({ exitCode: 2 });
  });
});

describe("describe", () => {
  it("shows what a thing stands on, and what stands on it", async () => {
    const { stdout, exitCode } = await scrap(healthy, "describe", "filesystem", "/data");
    expect(stdout.slice(stdout.indexOf("Stands on:"))).toMatchSnapshot();
    expect(exitCode).toBe(0);
  });

  it("lists the candidates of an ambiguous name", async () => {
    const { exitCode, stderr } = await scrap(healthy, "describe", "timer", "backup.timer");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("vps1/systemd/timer/backup.timer\n  vps2/systemd/timer/backup.timer");
  });
});

describe("declared services", () => {
  it("are held against what runs, and where", async () => {
    const { stdout } = await scrap(troubled, "get", "services", "--json");
    const found = JSON.parse(stdout).resources.map(
      ({ name, health, reason }: Record<string, string>) => `${name}: ${health} ${reason ?? ""}`,
    );
    expect(found).toMatchSnapshot();
  });
});
