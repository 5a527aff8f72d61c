import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { expect, it } from "vitest";
import { runLocalLines } from "../../src/transport/local-program.ts";

/** What has ended and was not looked at yet is a zombie: gone. */
const isThere = (pid: number): boolean => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
};

/** Says its own number and that of what it started, and stays. */
const family = ["sh", "-c", "echo $$; sleep 300 & echo $!; wait"] as const;

it("hands out the lines and the exit code of a program", async () => {
  const lines: string[] = [];
  const argv = ["sh", "-c", 'echo "$1"; echo wrong >&2; cat; exit 3', "sh", "a b"] as const;
  const exitCode = await runLocalLines(argv, "/", (line) => lines.push(line), new AbortController().signal);
  expect([exitCode, ...lines]).toEqual([3, "a b", "wrong"]);
});

it("ends a program with all that it started when it is told to", async () => {
  const cancelled = new AbortController();
  const pids: number[] = [];
  const take = (line: string) => {
    if (/^\d+$/.test(line) && pids.push(Number(line)) === 2) cancelled.abort();
  };
  expect(await runLocalLines(family, "/", take, cancelled.signal)).toBe(-1);
  await expect.poll(() => pids.filter(isThere)).toEqual([]);
  expect(pids).toHaveLength(2);
});

it("leaves nothing behind when we are killed", async () => {
  const module = new URL("../../src/transport/local-program.ts", import.meta.url);
  const us = `import { runLocalLines } from ${JSON.stringify(module.href)};
await runLocalLines(${JSON.stringify(family)}, "/", (line) => console.log(line), new AbortController().signal);`;
  const child = spawn(process.execPath, ["--experimental-strip-types", "--input-type=module", "--eval", us], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const pids: number[] = [];
  for await (const line of createInterface({ input: child.stdout }))
    if (pids.push(Number(line)) === 2) child.kill("SIGKILL");
  expect(pids).toHaveLength(2);
  await expect.poll(() => pids.filter(isThere)).toEqual([]);
});
