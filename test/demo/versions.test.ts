import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, expect, it, onTestFinished } from "vitest";
import type { Operations } from "../../src/cli/context.ts";
import { lastUpgrade } from "../../src/cli/last-upgrade.ts";
import { askHost, type Changing, changeIt, type RunningDemo, startStill } from "./harness.ts";

let demo: RunningDemo;
let operations: Operations;
let run: Changing["run"];

beforeEach(async () => {
  demo = await startStill({ story: "calm" });
  ({ operations, run } = changeIt(demo));
  // Here time passes: what dies, does so some seconds after it was started.
  const start = performance.now();
  const passing = setInterval(() => void demo.at((performance.now() - start) / 1000), 100);
  onTestFinished(() => clearInterval(passing));
});

const patience = { timeout: 90_000 };
const soon = { withinMs: 20_000, soakMs: 6_000 };

const ask = (host: string, ...argv: [string, ...string[]]) => askHost(demo, host, ...argv);

const imageOf = (host: string, name: string) =>
  ask(host, "grep", "-rhs", ".", "/etc/containers/systemd").then(
    (text) => new RegExp(`^Image=.*${name}:(.*)$`, "m").exec(text)?.[1],
  );
const datasets = async () => {
  const list = await ask("nas", "zfs", "list", "-H", "-o", "name,used,mounted,origin");
  return list
    .trim()
    .split("\n")
    .map((line) => line.split("\t"))
    .filter(([name]) => name?.startsWith("tank/recipes"));
};
const runningOf = async (name: string) => (await demo.scrap("get", "containers", name, "-o", "json")).stdout;
const pinOf = (name: string) =>
  /^Image=.*:(.*)$/m.exec(
    readFileSync(join(dirname(demo.inventory.file ?? ""), name, `${name}.container`), "utf8"),
  )?.[1];

it(
  "upgrades a service, does nothing the second time, and takes it back with its data",
  patience,
  async () => {
    const before = await datasets();
    expect(await run({ verb: "upgrade", name: "recipes", to: "2.8.1", watching: soon })).toBe("done");
    expect([await imageOf("nas", "mealie"), pinOf("recipes")]).toEqual(["2.8.1", "2.8.1"]);
    expect(await runningOf("recipes")).toContain("mealie:2.8.1");
    const again = { verb: "upgrade", name: "recipes", to: "2.8.1" } as const;
    expect((await demo.plan(operations, again)).steps).toEqual([]);
    const of = lastUpgrade("recipes", operations.list());
    expect(of).toBeDefined();
    expect(await run({ verb: "rollback", name: "recipes", of, withData: true, watching: soon })).toBe("done");
    expect([await imageOf("nas", "mealie"), pinOf("recipes")]).toEqual(["2.8.0", "2.8.0"]);
    expect(await datasets()).toEqual(expect.arrayContaining(before));
  },
);

it("brings the old version and the old data back from one that dies", patience, async () => {
  const [before] = await datasets();
  expect(await run({ verb: "upgrade", name: "recipes", watching: soon })).toBe("walked-back");
  expect([await imageOf("nas", "mealie"), pinOf("recipes")]).toEqual(["2.8.0", "2.8.0"]);
  expect(await runningOf("recipes")).toContain("mealie:2.8.0");
  const after = await datasets();
  expect(after).toHaveLength(2);
  expect(after).toContainEqual(before);
  // What the new one made of it is larger, and kept.
  const aside = after.find(([name]) => name?.includes("_aside-"));
  expect(Number(aside?.[1])).toBeGreaterThan(Number(before?.[1]));
  expect(await demo.scrap("status")).toMatchObject({ exitCode: 0 });
});

it("cannot pull what its registry does not have", patience, async () => {
  expect(await run({ verb: "upgrade", name: "web", to: "2.11.0" })).toBe("walked-back");
  expect(pinOf("web")).toBe("2.10.0");
});

it(
  "deploys what was changed here, which is shown first, and has nothing to do afterwards",
  patience,
  async () => {
    const request = { verb: "deploy", name: "weather" } as const;
    const { steps } = await demo.plan(operations, request);
    expect(steps.find(({ kind }) => kind === "upload")).toMatchObject({
      diff: expect.arrayContaining(["+Memory=256m"]),
    });
    expect(await run(request)).toBe("done");
    expect((await demo.plan(operations, request)).steps).toEqual([]);
  },
);

it("deploys a service to a host that never had it, once it runs nowhere else", patience, async () => {
  await expect(run({ verb: "deploy", name: "feeds", on: "vps2" })).rejects.toThrow("it would run twice");
  expect(await run({ verb: "stop", name: "feeds" })).toBe("done");
  expect(await run({ verb: "deploy", name: "feeds", on: "vps2" })).toBe("done");
  const { services } = await demo.homelab();
  expect(services.find(({ service }) => service.name === "feeds")).toMatchObject({ runsOn: ["vps2"] });
});
