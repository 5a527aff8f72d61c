import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folderWith } from "../inventory/files.ts";
import { hasProgram } from "../transport/sshd.ts";
import { type RecordedLab, scrap } from "./harness.ts";

const lab: RecordedLab = {
  inventory: `
version: 1
hosts: { vps1: { groups: [apps], zone: shed }, vps2: { groups: [apps] }, nas: {} }
services: { web: { home: vps1, runs: { unit: web.service } }, mail: { home: vps1, runs: { unit: mail.service } } }
`,
  hosts: {},
};

const offered = async (...words: string[]) => {
  const { stdout, exitCode } = await scrap(lab, "complete", "--", ...words);
  expect(exitCode).toBe(0);
  return stdout.split("\n").filter(Boolean);
};

describe("what is offered", () => {
  it("is every command that people type", async () => {
    const commands = await offered("");
    expect(commands).toEqual(expect.arrayContaining(["status", "restart", "journal", "completion"]));
    for (const hidden of ["complete", "drive", "help"]) expect(commands).not.toContain(hidden);
  });

  it.each([
    [["st"], ["status", "start", "stop"]],
    [
      ["status", "v"],
      ["vps1", "vps2"],
    ],
    [["doctor", "zone:"], ["zone:shed"]],
    [
      ["get", "p"],
      ["pod", "project", "pool"],
    ],
    [["-o", "json", "get", "un"], ["unit"]],
    [["get", "units", ""], []],
    [
      ["get", "services", ""],
      ["web", "mail"],
    ],
    [["get", "hosts", "n"], ["nas"]],
    [["describe", "service", "web", ""], []],
    [
      ["logs", ""],
      ["web", "mail"],
    ],
    [["logs", "-n", "5", "w"], ["web"]],
    [["get", "unit", "--host", "a"], ["apps"]],
    [["settings", ""], ["watch.refreshSeconds"]],
    [
      ["-o", ""],
      ["table", "json", "yaml", "name", "wide"],
    ],
    [["status", "-o", "js"], ["json"]],
    [["status", "--output=j"], ["--output=json"]],
    [["doctor", "--sud"], ["--sudoers"]],
    [
      ["doctor", "--sudoers", ""],
      ["read", "change"],
    ],
    [["--inventory", ""], [":files"]],
    [["get", "nonsense", ""], []],
    [
      ["completion", ""],
      ["bash", "zsh", "fish"],
    ],
  ])("for %j is %j, without asking any host", async (words, expected) => {
    expect(await offered(...words)).toEqual(expected);
  });

  it("comes with descriptions for who shows them", async () => {
    const { stdout } = await scrap(lab, "complete", "--described", "--", "lo");
    expect(stdout).toBe("logs\tthe log of a service, a unit or a container");
  });
});

/** A `scrap` that says what it was asked, and offers what we say. */
function folderWithStandIn(offers: string): string {
  const folder = folderWith({
    "bin/scrap": `#!/bin/sh\nprintf '<%s>' "$@" >$HOME/asked\nprintf '%s\\n' ${offers}\n`,
  });
  chmodSync(join(folder, "bin/scrap"), 0o700);
  return folder;
}
const run = (folder: string, shell: string, script: string) =>
  execFileSync(shell, ["-c", script], {
    encoding: "utf8",
    env: { HOME: folder, PATH: `${join(folder, "bin")}:${process.env["PATH"]}` },
  });

describe("the script", () => {
  it.skipIf(!hasProgram("bash"))(
    "of bash hands on what was typed, and offers what comes after a colon",
    async () => {
      const folder = folderWithStandIn("zone:shed zone:closet");
      const { stdout } = await scrap(lab, "completion", "bash");
      writeFileSync(join(folder, "script"), stdout);
      const line = "scrap -o json status zone:";
      const type = `. ~/script; COMP_LINE='${line}'; COMP_POINT=${line.length}; _scrap; printf '%s\\n' "\${COMPREPLY[@]}"`;
      expect(run(folder, "bash", type)).toBe("shed\ncloset\n");
      expect(readFileSync(join(folder, "asked"), "utf8")).toBe("<complete><--><-o><json><status><zone:>");
    },
  );

  it.skipIf(!hasProgram("bash"))("of bash offers files where a file is wanted", async () => {
    const folder = folderWithStandIn(":files");
    mkdirSync(join(folder, "inventories"));
    const { stdout } = await scrap(lab, "completion", "bash");
    writeFileSync(join(folder, "script"), stdout);
    const line = `scrap --inventory=${folder}/inv`;
    const type = `. ~/script; COMP_LINE='${line}'; COMP_POINT=${line.length}; _scrap; printf '%s\\n' "\${COMPREPLY[@]}"`;
    expect(run(folder, "bash", type)).toBe(`${folder}/inventories\n`);
  });

  it.each(["bash", "zsh", "fish"])("of %s is one that it can read", async (shell) => {
    const { stdout, exitCode } = await scrap(lab, "completion", shell);
    expect(stdout).toContain("scrap complete ");
    expect(exitCode).toBe(0);
    if (!hasProgram(shell)) return;
    const folder = folderWith({ script: stdout });
    execFileSync(shell, ["-n", join(folder, "script")]);
  });

  it("is refused for another shell", async () => {
    expect(await scrap(lab, "completion", "bsh")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("did you mean bash?"),
    });
  });
});
