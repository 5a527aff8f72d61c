import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { carryOut, type Result } from "../../src/execute/carry-out.ts";
import { toOperation } from "../../src/journal/operation.ts";
import { parsePlan } from "../../src/plan/parse-plan.ts";
import type { Check, Plan, RunStep, Step } from "../../src/plan/plan.ts";
import { planOf } from "../plan-of.ts";
import { createHands, drive, newWorld, reboot, type World } from "./simulated-host.ts";

const host = "web1";
const is = (key: string, stdout: string): Check => ({
  kind: "command",
  title: `${key} is ${stdout || "gone"}`,
  host,
  command: { argv: ["get", key], asRoot: true },
  expect: { stdout },
});
const run = (id: string, argv: RunStep["command"]["argv"], rest: Partial<RunStep> = {}): RunStep => ({
  kind: "run",
  id,
  title: id,
  effect: "changes",
  host,
  command: { argv, asRoot: true },
  timeoutMs: 60_000,
  ...rest,
});

const file = "/etc/web";
const text = "new";
const stop = run("stop", ["set", "state", "stopped"], {
  effect: "interrupts",
  done: is("state", "stopped"),
  undo: [run("start-back", ["set", "state", "old"], { again: "safe" })],
});
// Twice is once too often, and nobody can see whether it was done.
const keep = run("keep", ["count", "kept"], { undo: [run("keep-back", ["set", "kept"], { again: "safe" })] });
const write: Step = {
  kind: "upload",
  id: "write",
  title: "write",
  effect: "changes",
  host,
  path: file,
  mode: "0644",
  sha256: createHash("sha256").update(text).digest("hex"),
  source: { text },
  done: is(file, text),
  timeoutMs: 1000,
  undo: [
    {
      kind: "put-back",
      id: "write-back",
      title: "write-back",
      effect: "changes",
      host,
      path: file,
      of: "write",
      timeoutMs: 1000,
      done: is(file, ""),
    },
  ],
};
const loaded: Step = {
  kind: "wait",
  id: "loaded",
  title: "loaded",
  effect: "reads",
  host,
  until: [is(file, text)],
  everyMs: 1,
  timeoutMs: 1000,
};
const start = run("start", ["set", "state", "new"], {
  done: is("state", "new"),
  // What it leads back to is there only if the step before was done.
  undo: [run("data-back", ["count", "backs"], { needs: [is("kept", "1")] })],
});
const after = run("after", ["set", "after", "1"], {
  again: "safe",
  undo: [run("after-back", ["set", "after"])],
});

const handing = (...steps: readonly Step[]): Plan =>
  parsePlan(JSON.parse(JSON.stringify(planOf({ hosts: [host], steps }))), "the test");

const good = handing(stop, keep, write, loaded, start, after);
const failing = handing(stop, run("bad", ["fail", "bad"], { undo: [] }), write, loaded, start, after);
const inOrder = ["set state stopped", "count kept", `upload ${file}`, "set state new", "set after 1"];

describe.each([
  ["while we look on", false],
  ["before we look", true],
])("what is handed to the host at once, done %s", (_, isHasty) => {
  function begun(plan: Plan): World {
    const world = newWorld();
    world.isHasty = isHasty;
    world.values.set("state", "old");
    const by = { user: "anna", machine: "here" };
    world.records.push({ seq: 1, prev: "", at: "2026-11-21T14:12:00Z", kind: "plan", plan, by });
    return world;
  }

  async function actsOf(plan: Plan): Promise<readonly number[]> {
    const { hands, acts } = createHands(begun(plan));
    await carryOut(hands);
    return Array.from({ length: acts() }, (_, index) => index + 1);
  }

  const expectDone = (world: World, result: Result | undefined): void => {
    expect(result?.outcome).toBe("done");
    expect(world.ran.filter((ran, index) => ran !== world.ran[index - 1])).toEqual(inOrder);
    expect(world.values.get("kept")).toBe("1");
    expect([...(toOperation(world.records)?.steps.values() ?? [])].map(({ word }) => word)).toEqual(
      good.steps.map(() => "done"),
    );
    expect(world.lock).toBeUndefined();
  };

  const expectBack = (world: World, result: Result | undefined): void => {
    expect(result?.outcome).toMatch(/^(walked-back|unchanged)$/);
    const { backs: _, ...values } = Object.fromEntries(world.values);
    expect(values).toEqual({ image: "old", state: "old" });
    expect(world.lock).toBeUndefined();
  };

  it("is told as each began and ended, in order", async () => {
    const world = begun(good);
    expectDone(world, await drive(world));
    const told = world.records.flatMap((record) =>
      "step" in record ? [`${record.kind} ${record.step}`] : [],
    );
    const ofCommand = (id: string) => [`intent ${id}`, `started ${id}`, `done ${id}`];
    expect(told).toEqual(good.steps.flatMap(({ id }) => ofCommand(id)));
    expect(world.records.find((record) => record.kind === "intent")).toMatchObject({
      step: "stop",
      with: ["keep", "write", "loaded", "start", "after"],
    });
  });

  it("is done once, wherever the plug is pulled", async () => {
    for (const at of await actsOf(good)) {
      const world = begun(good);
      expect(await drive(world, undefined, { at, kind: "plug" })).toBeUndefined();
      expectDone(world, await drive(world));
    }
  });

  it("goes back where one fails, and nothing behind it is begun or undone", async () => {
    for (const at of await actsOf(failing)) {
      const world = begun(failing);
      await drive(world, undefined, { at, kind: "plug" });
      expectBack(world, await drive(world));
      expect(world.ran).not.toContain(`upload ${file}`);
      expect(world.values.has("backs")).toBe(false);
    }
  });

  it("is known to the last where the host restarts", async () => {
    for (const at of await actsOf(good)) {
      const world = begun(good);
      await drive(world, undefined, { at, kind: "plug" });
      reboot(world);
      const result = await drive(world);
      expect(world.values.get("kept") ?? "1").toBe("1");
      if (result?.outcome === "done") expectDone(world, result);
      else expect(result?.message).toContain("“keep”");
    }
  });

  it.each(["answer-lost", "never-arrives"] as const)(
    "%s at every act, and it is said again",
    async (kind) => {
      const worlds = (await actsOf(good)).map(async (at) => {
        const world = begun(good);
        expectDone(world, await drive(world, undefined, { at, kind }));
      });
      await Promise.all(worlds);
    },
  );

  it.each(["stop", "walk-back"] as const)("a person wants it to %s at every act", async (wish) => {
    for (const at of await actsOf(good)) {
      const world = begun(good);
      let polls = 0;
      const result = await drive(world, () => (++polls >= at ? wish : undefined));
      if (result?.outcome === "walked-back" || result?.outcome === "unchanged") expectBack(world, result);
      else expectDone(world, result?.outcome === "stopped" ? await drive(world) : result);
    }
  });
});
