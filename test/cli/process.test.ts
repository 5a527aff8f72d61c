import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { folderWith } from "../inventory/files.ts";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
/** The program itself, from its source, in a home of its own; `~` in a word stands for that. */
function run(words: readonly string[], stdout: number | "pipe" = "pipe", stderr: number | "pipe" = "pipe") {
  const home = folderWith({
    "inventory.yaml": "version: 1\nhosts:\n  here: { transport: local }\n",
    "lost.yaml": "version: 1\ndefaults: { sshConfig: ./ssh/config }\nhosts:\n  nas: {}\n  pi: {}\n",
  });
  const argv = words.map((word) => word.replace(/^~/, home));
  const child = spawn(process.execPath, [main, ...argv], {
    stdio: ["ignore", stdout, stderr],
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home, NODE_OPTIONS: "" },
  });
  let [printed, complained] = ["", ""];
  child.stdout?.on("data", (bytes) => (printed += bytes));
  child.stderr?.on("data", (bytes) => (complained += bytes));
  return new Promise<{ exitCode: number | null; stdout: string; stderr: string }>((resolve) =>
    child.on("close", (exitCode) => resolve({ exitCode, stdout: printed, stderr: complained })),
  );
}

describe("a stdout that takes nothing", () => {
  it.each([["--version"], ["schema"], ["--inventory", "~/inventory.yaml", "get", "hosts", "-o", "name"]])(
    "%s: a full disk is told, and is a failure",
    async (...argv) => {
      const { exitCode, stderr } = await run(argv, openSync("/dev/full", "w"));
      expect(stderr).toBe("scrap: cannot write to stdout: no space left on device\n");
      expect(exitCode).toBe(4);
    },
  );
});

it("ends with its own exit code where stderr takes nothing", async () => {
  const full = openSync("/dev/full", "w");
  expect((await run(["--inventory", "~/nope.yaml", "status"], "pipe", full)).exitCode).toBe(2);
});

describe("completion after demo", () => {
  it.each([
    ["get hosts n", ["nas"]],
    ["statu", ["status"]],
    ["do", ["doctor"]],
    ["--story ", ["calm", "disk-failure", "power-cut", "bad-upgrade", "mixed"]],
    ["--story=dis", ["--story=disk-failure"]],
    ["--at 60 --story calm logs dn", ["dns"]],
    ["--sto", ["--story"]],
    ["status --story", []],
  ])("%s", async (typed, offered) => {
    const { stdout } = await run(["complete", "--", "demo", ...typed.split(" ")]);
    expect(
      stdout
        .split("\n")
        .filter((line) => line !== "")
        .toSorted(),
    ).toEqual([...offered].toSorted());
  });
});

describe("the setting of a theme", () => {
  it.each([
    ["theme", "unknown"],
    ["theme=unknown", undefined],
  ])("is refused where there is none of that name: %s %s", async (key, value) => {
    const { exitCode, stderr } = await run(["settings", key, ...(value === undefined ? [] : [value])]);
    expect(stderr).toMatch(/^scrap: There is no theme unknown; there are default, .*nord/);
    expect(exitCode).toBe(2);
  });

  it("is kept where there is one", async () => {
    expect(await run(["settings", "theme=nord"])).toMatchObject({ exitCode: 0, stderr: "" });
  });
});

describe("an ssh configuration that is not there", () => {
  it("is one usage error that names the file given with --ssh-config", async () => {
    const { exitCode, stderr } = await run([
      "--inventory",
      "~/inventory.yaml",
      "--ssh-config",
      "~/nope",
      "status",
    ]);
    expect(stderr).toMatch(/^scrap: --ssh-config: .*\/nope: cannot be read \(ENOENT\)\n$/);
    expect(exitCode).toBe(2);
  });

  it("is the same for one that the inventory names", async () => {
    const { exitCode, stderr } = await run(["--inventory", "~/lost.yaml", "status"]);
    expect(stderr).toMatch(
      /^scrap: .*\/lost\.yaml: sshConfig of nas, pi: .*\/ssh\/config: cannot be read \(ENOENT\)\n$/,
    );
    expect(exitCode).toBe(2);
  });
});
