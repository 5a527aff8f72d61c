import { describe, expect, it } from "vitest";
import { type RecordedLab, scrap } from "./harness.ts";

const lab: RecordedLab = {
  inventory: `
version: 1
hosts:
  vps1: { groups: [apps] }
  vps2: { groups: [apps, small] }
`,
  hosts: { vps1: ["vps1-healthy"], vps2: ["vps2-healthy"] },
};
const ids = (lines: string) => lines.split("\n").map((id) => id.split("/").slice(3).join("/"));

describe("a word that was mistyped", () => {
  it.each([
    [["gte", "units"], "did you mean get?"],
    [["vsp1"], "did you mean vps1?"],
    [["status", "aps"], "did you mean apps?"],
    [["get", "contaners"], "did you mean containers?"],
    [["get", "containers", "weeb"], "did you mean web?"],
    [["describe", "container", "weeb"], "did you mean web?"],
    [["logs", "web.servcie"], "did you mean web.service?"],
    [["get", "units", "--host", "vsp1"], "did you mean vps1?"],
    [["status", "--jsn"], "Did you mean --json?"],
  ])("%j is refused with what was probably meant", async (argv, words) => {
    const { exitCode, stderr, stdout } = await scrap(lab, ...argv);
    expect(stderr).toContain(words);
    expect([exitCode, stdout]).toEqual([2, ""]);
  });

  it("is no command's where a command was named", async () => {
    expect((await scrap(lab, "status", "gte")).stderr).not.toContain("command");
  });
});

describe("names of things", () => {
  it("may be globs", async () => {
    const { stdout, exitCode } = await scrap(lab, "get", "containers", "mail-*", "*/photos", "-o", "name");
    expect(ids(stdout)).toEqual(["mail-imap", "mail-smtp", "alice/photos"]);
    expect(exitCode).toBe(0);
  });

  it("that are there are listed, and those that are not are told", async () => {
    const { stdout, stderr, exitCode } = await scrap(lab, "get", "containers", "web", "nope", "-o", "name");
    expect(ids(stdout)).toEqual(["web"]);
    expect(stderr).toBe("No container is named nope");
    expect(exitCode).toBe(2);
  });
});

describe("hosts", () => {
  it("are chosen by --host, too, for status and doctor", async () => {
    expect((await scrap(lab, "status", "--host", "small", "-o", "name")).stdout).toBe("vps2");
    expect((await scrap(lab, "doctor", "--host", "small", "-o", "name")).stdout).toBe("vps2");
  });

  it("of a group are candidates where one is wanted", async () => {
    const { exitCode, stdout, stderr } = await scrap(lab, "describe", "host", "apps");
    expect(stderr).toContain("apps is 2 hosts:\n  vps1\n  vps2");
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect((await scrap(lab, "describe", "host", "small", "-o", "name")).stdout).toBe("vps2");
  });
});

describe("a form that a command does not have", () => {
  it.each([
    [["status", "--watch", "-o", "json"], "--watch keeps a table on the screen"],
    [["status", "-w", "--json"], "it does not print json"],
    [["logs", "web", "-o", "json"], "logs has no -o"],
    [["logs", "web", "--json"], "logs has no -o"],
  ])("%j is refused before any host is asked", async (argv, words) => {
    const { exitCode, stderr } = await scrap({ ...lab, hosts: {} }, ...argv);
    expect(stderr).toContain(words);
    expect(exitCode).toBe(2);
  });
});

it.each([
  [["settings"], "watch.refreshSeconds = 5"],
  [["settings", "--json"], '{\n  "watch.refreshSeconds": 5\n}'],
  [["settings", "watch.refreshSeconds", "-o", "yaml"], "watch.refreshSeconds: 5"],
  [["-o", "name", "settings"], "watch.refreshSeconds"],
])("%j prints what is set in the form that was asked for", async (argv, stdout) => {
  expect(await scrap(lab, ...argv)).toMatchObject({ exitCode: 0, stdout });
});

it("prints the schema as YAML, too, and refuses what it has not", async () => {
  expect((await scrap(lab, "schema", "-o", "yaml")).stdout).toMatch(/^\$schema: /);
  expect(JSON.parse((await scrap(lab, "schema")).stdout)).toHaveProperty("$schema");
  expect((await scrap(lab, "schema", "-o", "name")).exitCode).toBe(2);
  expect(await scrap(lab, "settings", "watch.refreshSecond")).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("did you mean watch.refreshSeconds?"),
  });
});

it("describes by id alone where only the name is wanted", async () => {
  const { stdout } = await scrap(lab, "describe", "container", "web", "-o", "name");
  expect(stdout).toBe("vps1/podman/container/web");
});
