import { spawnSync } from "node:child_process";

/** Format and lint, types, unused code, tests. All of them, also after one that fails. */
const checks = [
  ["biome", "check"],
  ["tsc"],
  ["knip", "--config", ".config/knip.json"],
  ["node", "test/run.ts"],
] as const;

const failed: string[] = [];
for (const [program, ...args] of checks) {
  const words = [program, ...args].join(" ");
  console.log(`\n$ ${words}`);
  if (spawnSync(program, args, { stdio: "inherit" }).status !== 0) failed.push(words);
}
if (failed.length > 0) {
  console.error(`\nfailed: ${failed.join(", ")}`);
  process.exitCode = 1;
}
