import type { TestCase, TestModule, TestSuite } from "vitest/node";
import { startVitest } from "vitest/node";

/**
 * Runs the tests, says last what was left out and why, and ends with one plain line of counts.
 *
 * `node test/run.ts` runs all that can run here, `node test/run.ts lab` those on the lab's hosts; further words choose.
 */
const [first, ...rest] = process.argv.slice(2);
const isLab = first === "lab";
const words = isLab ? rest : process.argv.slice(2);

const vitest = await startVitest("test", words, {
  config: isLab ? ".config/vitest.lab.config.ts" : ".config/vitest.config.ts",
  run: true,
  watch: false,
});
await vitest.close();

const modules = vitest.state.getTestModules();
const tests = modules.flatMap((module) => [...module.children.allTests()]);
const count = (state: string) => tests.filter((test) => test.result().state === state).length;
const broken = modules.filter(
  (module) => module.state() === "failed" && [...module.children.allTests()].length === 0,
);

const left = new Map<string, number>();
for (const test of tests) {
  if (test.result().state !== "skipped") continue;
  const why = reasonOf(test);
  left.set(why, (left.get(why) ?? 0) + 1);
}
if (!isLab && words.length === 0)
  left.set("the lab, real hosts with real faults: npm run lab up && npm run test:lab (needs root)", 0);
if (left.size > 0) console.log("\nLeft out:");
for (const [why, times] of left) console.log(`- ${times > 0 ? `${times} × ` : ""}${why}`);

console.log(
  `\n${count("passed")} passed, ${count("failed") + broken.length} failed, ${count("skipped")} skipped`,
);
if (count("failed") + broken.length > 0 || count("passed") === 0) process.exitCode = 1;

/** What the test says itself, else the titles of the groups around it, which name what they need. */
function reasonOf(test: TestCase): string {
  const result = test.result();
  if ("note" in result && result.note) return result.note;
  const titles: string[] = [];
  let at: TestCase | TestSuite | TestModule = test;
  while (at.type !== "module") {
    titles.unshift(at.name);
    at = at.parent;
  }
  return titles.find((title) => title.includes("needs")) ?? titles.join(" › ");
}
