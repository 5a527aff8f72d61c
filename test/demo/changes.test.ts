import { beforeEach, expect, it } from "vitest";
import type { Operations } from "../../src/cli/context.ts";
import { type Changing, changeIt, type RunningDemo, startStill } from "./harness.ts";

let demo: RunningDemo;
let operations: Operations;
let run: Changing["run"];

beforeEach(async () => {
  demo = await startStill({ story: "calm" });
  ({ operations, run } = changeIt(demo));
});

const runsOn = async (name: string) => {
  const { services } = await demo.homelab();
  return services.find(({ service }) => service.name === name)?.runsOn;
};

// Each is watched for a few seconds before it counts as well.
const patience = { timeout: 30_000 };

it.each(["mail", "cloud"])("stops %s and starts it again", patience, async (name) => {
  const before = await runsOn(name);
  expect(before).toHaveLength(1);
  expect(await run({ verb: "stop", name })).toBe("done");
  expect(await runsOn(name)).toEqual([]);
  expect(await run({ verb: "start", name })).toBe("done");
  expect(await runsOn(name)).toEqual(before);
});

it("upgrades the packages of a host, and has nothing left to do", patience, async () => {
  expect(await run({ verb: "upgrade-host", name: "cube" })).toBe("done");
  expect((await demo.plan(operations, { verb: "upgrade-host", name: "cube" })).steps).toEqual([]);
});

it("restarts a container, and sees that it was started anew", patience, async () => {
  await demo.at(60);
  const plan = await demo.plan(operations, { verb: "restart", name: "media" });
  expect(await run({ verb: "restart", name: "media" })).toBe("done");
  // The world has moved: what an older plan was drawn from is not so any more.
  const again = await demo.plan(operations, { verb: "restart", name: "media" });
  expect(again.steps[0]?.done).not.toEqual(plan.steps[0]?.done);
});

it("makes a snapshot of a dataset, and sees that it is there", patience, async () => {
  const request = { verb: "snapshot", name: "shares", names: ["shares"] } as const;
  expect(await run(request)).toBe("done");
  const { notes } = await demo.plan(operations, request);
  expect(notes).toEqual([expect.stringContaining("shares has one that is younger than a minute: scrap-")]);
});

it("refuses what the inventory protects, and what nobody finds", async () => {
  await expect(run({ verb: "restart", name: "dns" })).rejects.toThrow("gate is protected");
  await expect(run({ verb: "restart", name: "nothing" })).rejects.toThrow("is named nothing");
});

it("leaves a host to who holds it", async () => {
  const [first, second] = await Promise.all([
    demo.plan(operations, { verb: "restart", name: "web" }),
    demo.plan(operations, { verb: "restart", name: "feeds" }),
  ]);
  await operations.start(first, demo.inventory);
  while (operations.load(first.id).steps.size === 0) await new Promise((done) => setTimeout(done, 10));
  await operations.start(second, demo.inventory);
  const silent = { onRecord: () => {}, onOutput: () => {} };
  const refused = await operations.follow(second.id, silent, new AbortController().signal);
  expect(refused?.ended).toMatchObject({ outcome: "refused" });
  expect(refused?.ended?.message).toContain("Restart web on pine");
  expect(operations.cancel(first.id, "stop")).toBe(true);
  const stopped = await operations.follow(first.id, silent, new AbortController().signal);
  expect(stopped?.ended?.outcome).toMatch(/stopped|done/);
});
