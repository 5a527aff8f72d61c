import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { carryOut, type Result } from "../../src/execute/carry-out.ts";
import { toOperation } from "../../src/journal/operation.ts";
import type { Decision } from "../../src/journal/record.ts";
import { parsePlan } from "../../src/plan/parse-plan.ts";
import type { Check, Plan, RunStep, Step, WaitStep } from "../../src/plan/plan.ts";
import { planOf } from "../plan-of.ts";
import { createHands, drive, newWorld, reboot, type World } from "./simulated-host.ts";

const host = "web1";
const is = (key: string, stdout: string): Check => ({
  kind: "command",
  title: `${key} is ${stdout || "gone"}`,
  host,
  command: { argv: ["get", key] },
  expect: { stdout },
});

const run = (id: string, argv: RunStep["command"]["argv"], rest: Partial<RunStep> = {}): RunStep => ({
  kind: "run",
  id,
  title: id,
  effect: "changes",
  host,
  command: { argv },
  timeoutMs: 60_000,
  ...rest,
});

const file = "/etc/web";
const text = "new";
const sha256 = createHash("sha256").update(text).digest("hex");

const before: readonly Step[] = [
  run("image", ["set", "image", "new"], {
    done: is("image", "new"),
    undo: [run("image-back", ["set", "image", "old"], { done: is("image", "old") })],
  }),
  // Twice is once too often, and nobody can see whether it was done.
  run("mail", ["count", "mails"], { undo: [run("mail-back", ["set", "mails"], { again: "safe" })] }),
  {
    kind: "upload",
    id: "unit",
    title: "unit",
    effect: "changes",
    host,
    path: file,
    mode: "0644",
    sha256,
    source: { text },
    done: is(file, text),
    timeoutMs: 1000,
    undo: [
      {
        kind: "put-back",
        id: "unit-back",
        title: "unit-back",
        effect: "changes",
        host,
        path: file,
        of: "unit",
        timeoutMs: 1000,
        done: is(file, ""),
      },
    ],
  },
  {
    kind: "wait",
    id: "well",
    title: "well",
    effect: "reads",
    host,
    until: [is("image", "new")],
    everyMs: 1,
    timeoutMs: 1000,
  },
];

const after: readonly Step[] = [
  run("switch", ["set", "current", "new"], { done: is("current", "new"), commit: true }),
  run("tidy", ["fail", "tidy"], { optional: true }),
  run("last", ["set", "lasts", "1"], { again: "safe" }),
];

function upgradeBy(...steps: readonly Step[]): Plan {
  const basis = [
    { kind: "host", title: "image", host, command: { argv: ["get", "image"] }, stdout: "old" },
  ] as const;
  return parsePlan(JSON.parse(JSON.stringify(planOf({ hosts: [host], basis, steps }))), "the test");
}

const good = upgradeBy(...before, ...after);
const failing = upgradeBy(...before, run("bad", ["fail", "bad"]), ...after);

function begun(plan: Plan): World {
  const world = newWorld();
  const by = { user: "anna", machine: "here" };
  world.records.push({ seq: 1, prev: "", at: "2026-11-21T14:12:00Z", kind: "plan", plan, by });
  return world;
}

/** How many acts there are to be cut off at: half before, half after each. */
async function actsOf(plan: Plan): Promise<readonly number[]> {
  const { hands, acts } = createHands(begun(plan));
  await carryOut(hands);
  return Array.from({ length: acts() }, (_, index) => index + 1);
}

const allOnce = [
  "set image new",
  "count mails",
  `upload ${file}`,
  "set current new",
  "fail tidy",
  "set lasts 1",
];
const asItWas = { image: "old" };
const asItIs = { image: "new", mails: "1", [file]: text, current: "new", lasts: "1" };
const valuesOf = ({ values }: World) => Object.fromEntries(values);

function expectDone(world: World, result: Result | undefined): void {
  expect(result?.outcome).toBe("done");
  expect(valuesOf(world)).toEqual(asItIs);
  expect(world.lock).toBeUndefined();
  const story = toOperation(world.records);
  expect(story?.ended?.outcome).toBe("done");
  expect([...(story?.steps.values() ?? [])].map(({ word }) => word)).toEqual(
    good.steps.map(({ id }) => (id === "tidy" ? "failed" : "done")),
  );
}

function expectBack(world: World, result: Result | undefined): void {
  expect(result?.outcome).toMatch(/^(walked-back|unchanged)$/);
  expect(valuesOf(world)).toEqual(asItWas);
  expect(world.lock).toBeUndefined();
}

const decide = (world: World, what: Decision, step?: string): void => {
  const by = { user: "anna", machine: "here" };
  world.records.push({
    seq: world.records.length + 1,
    prev: "",
    at: "2026-11-21T14:13:00Z",
    kind: "decided",
    what,
    by,
    ...(step === undefined ? {} : { step }),
  });
};

describe("the plug is pulled before and after every single act", async () => {
  const acts = await actsOf(good);
  const actsBack = await actsOf(failing);

  it(`and resuming does all of it once and in order (${acts.length} points)`, async () => {
    for (const at of acts) {
      const world = begun(good);
      expect(await drive(world, undefined, { at, kind: "plug" })).toBeUndefined();
      expectDone(world, await drive(world));
      // An upload may be sent again: it is the same file.
      expect(world.ran.filter((ran, index) => ran !== world.ran[index - 1])).toEqual(allOnce);
      expect(world.ran.filter((ran) => ran === "count mails")).toHaveLength(1);
    }
  });

  it("and again at the same distance from there", async () => {
    for (const at of acts) {
      const world = begun(good);
      await drive(world, undefined, { at, kind: "plug" });
      for (let further = 2; (await drive(world, undefined, { at: further, kind: "plug" })) === undefined; )
        further += 3;
      expectDone(world, await drive(world));
      expect(world.ran.filter((ran) => ran === "count mails")).toHaveLength(1);
    }
  });

  it(`and the way back of what failed leads all the way (${actsBack.length} points)`, async () => {
    for (const at of actsBack) {
      const world = begun(failing);
      await drive(world, undefined, { at, kind: "plug" });
      expectBack(world, await drive(world));
      expect(world.ran.filter((ran) => ran === "fail bad")).toHaveLength(1);
      expect(world.ran).not.toContain("set current new");
    }
  });

  it("and cancelling leads back up to the commit, and after it no more", async () => {
    for (const at of acts) {
      const world = begun(good);
      await drive(world, undefined, { at, kind: "plug" });
      // Whoever has begun it finds out first on which side of it they are.
      const isPast = toOperation(world.records)?.steps.has("switch");
      decide(world, "walk-back");
      const result = await drive(world);
      if (!isPast) expectBack(world, result);
      else if (result?.outcome !== "done") {
        expect(result?.outcome).toBe("stopped");
        expectDone(world, await drive(world));
      }
    }
  });

  it("and what was cancelled goes back even where it is cut off once more", async () => {
    const till = acts.filter((at) => at % 7 === 0);
    for (const at of till)
      for (let further = 1; ; further += 1) {
        const world = begun(good);
        await drive(world, undefined, { at, kind: "plug" });
        if (toOperation(world.records)?.steps.has("switch")) break;
        decide(world, "walk-back");
        if (await drive(world, undefined, { at: further, kind: "plug" })) break;
        expectBack(world, await drive(world));
      }
  });

  it("and the host restarts: what nobody can know stops in doubt, and a person decides", async () => {
    const doubts = new Set<string>();
    for (const at of acts) {
      for (const word of ["was-done", "was-not-done"] as const) {
        const world = begun(good);
        await drive(world, undefined, { at, kind: "plug" });
        const isCutOff = [...world.jobs.values()].some(({ state }) => state === "running");
        reboot(world);
        let result = await drive(world);
        if (result?.outcome === "in-doubt") {
          expect(isCutOff).toBe(true);
          expect(world.lock).toBe(good.id);
          const [, step = ""] = /--was-done (\S+),/.exec(result.message) ?? [];
          doubts.add(step);
          decide(world, word, step);
          result = await drive(world);
        }
        expect(result?.outcome).toBe("done");
      }
    }
    expect([...doubts]).toEqual(["mail"]);
  });
});

describe("at every single act", async () => {
  const acts = await actsOf(good);

  it.each(["answer-lost", "never-arrives"] as const)("%s, and it is said again", async (kind) => {
    const worlds = acts.map(async (at) => {
      const world = begun(good);
      expectDone(world, await drive(world, undefined, { at, kind }));
      expect(world.ran.filter((ran) => ran === "count mails")).toHaveLength(1);
    });
    await Promise.all(worlds);
  });

  it.each(["stop", "walk-back"] as const)("a person wants it to %s", async (wish) => {
    const ends = new Set<string>();
    for (const at of acts) {
      const world = begun(good);
      let polls = 0;
      const asked = () => {
        polls += 1;
        return polls >= at ? wish : undefined;
      };
      const result = await drive(world, asked);
      ends.add(result?.outcome ?? "");
      expect(world.lock).toBeUndefined();
      if (result?.outcome === "walked-back" || result?.outcome === "unchanged")
        expect(valuesOf(world)).toEqual(asItWas);
      if (result?.outcome === "stopped") expectDone(world, await drive(world));
    }
    const possible =
      wish === "stop" ? ["unchanged", "stopped", "done"] : ["unchanged", "walked-back", "stopped", "done"];
    expect([...ends].sort()).toEqual(possible.sort());
  });
});

describe("before anything is begun", () => {
  it("takes what became other than it was by itself for no work of its own", async () => {
    const anew: Check = {
      ...is("started", ""),
      title: "it was started anew",
      expect: { stdoutNot: "1" },
    } as Check;
    const world = begun(
      planOf({ hosts: [host], steps: [run("restart", ["count", "started"], { done: anew })] }),
    );
    world.values.set("started", "2");
    expect((await drive(world))?.outcome).toBe("done");
    expect(world.values.get("started")).toBe("3");
  });

  it("says what has moved since it was planned, and changes nothing", async () => {
    const world = begun(good);
    world.values.set("image", "newer");
    const result = await drive(world);
    expect(result).toMatchObject({ outcome: "refused" });
    expect(result?.message).toContain("image on web1 was old, is newer");
    expect(world).toMatchObject({ ran: [], lock: undefined });
  });

  it("says who holds the host, and leaves the lock to them", async () => {
    const world = begun(good);
    world.lock = "20261121-1400-stop-web-0000";
    const result = await drive(world);
    expect(result).toMatchObject({ outcome: "refused" });
    expect(result?.message).toContain("held by ben@there");
    expect(world).toMatchObject({ ran: [], lock: "20261121-1400-stop-web-0000" });
  });
});

describe("what was stopped, and gave its hosts back", async () => {
  const acts = await actsOf(good);
  const stopped = async (): Promise<World> => {
    for (const at of acts) {
      const world = begun(good);
      let polls = 0;
      const result = await drive(world, () => (++polls >= at ? "stop" : undefined));
      if (result?.outcome === "stopped") return world;
    }
    throw new Error("it never stopped");
  };

  it("goes back when it is cancelled then", async () => {
    const world = await stopped();
    decide(world, "walk-back");
    expectBack(world, await drive(world));
  });

  it.each(["resume", "cancel"])(
    "is not gone on with by %s where others changed the host since",
    async (word) => {
      const world = await stopped();
      const ran = [...world.ran];
      world.changedBy.push("20261122-0900-restart-db-0000");
      if (word === "cancel") decide(world, "walk-back");
      for (const _ of [1, 2]) {
        const result = await drive(world);
        expect(result).toMatchObject({ outcome: "stopped" });
        expect(result?.message).toContain("web1: Restart db, by ben@there");
      }
      expect(world).toMatchObject({ ran, lock: undefined });
      if (word === "cancel") decide(world, "walk-back");
      decide(world, "anyway");
      const result = await drive(world);
      if (word === "cancel") expectBack(world, result);
      else expectDone(world, result);
    },
  );

  it("is not gone on with where what it was planned from is other than it was left", async () => {
    const world = await stopped();
    world.values.set("image", "of a third");
    const result = await drive(world);
    expect(result).toMatchObject({ outcome: "stopped" });
    expect(result?.message).toContain("image on web1 was new, is of a third");
    expect(world.lock).toBeUndefined();
  });
});

describe("once it is begun", () => {
  it("never runs a job again whose record the host has lost", async () => {
    const plan = upgradeBy(run("mail", ["count", "mails"]));
    let world = begun(plan);
    for (let at = 1; world.records.at(-1)?.kind !== "started"; at += 1) {
      world = begun(plan);
      await drive(world, undefined, { at, kind: "plug" });
    }
    world.jobs.clear();
    expect(await drive(world)).toMatchObject({ outcome: "in-doubt" });
    expect(world.values.get("mails")).toBe("1");
  });

  it("never does again what cannot be asked whether it was done, and believes it once it answers", async () => {
    const copy = run("copy", ["count", "copies"], {
      done: {
        kind: "command",
        title: "it is listed",
        host,
        command: { argv: ["get-far", "copies"] },
        expect: { stdoutMatches: "^[1-9]" },
        mustAnswer: true,
      },
      again: "safe",
    });
    const plan = upgradeBy(copy);
    let world = begun(plan);
    for (let at = 1; world.ran.length === 0; at += 1) {
      world = begun(plan);
      await drive(world, undefined, { at, kind: "plug" });
    }
    reboot(world);
    const result = await drive(world);
    expect(result).toMatchObject({ outcome: "in-doubt" });
    expect(result?.message).toContain(`Once it answers: scrap resume ${plan.id}`);
    world.values.set("line", "up");
    expect(await drive(world)).toMatchObject({ outcome: "done" });
    expect(world.ran).toEqual(["count copies"]);
  });

  it("stops in doubt where a way back fails, and goes on with it when it is resumed", async () => {
    const stuck = run("image", ["set", "image", "new"], {
      undo: [run("image-back", ["set", "image", "old"], { needs: [is("door", "open")] })],
    });
    const world = begun(upgradeBy(stuck, run("bad", ["fail", "bad"])));
    const result = await drive(world);
    expect(result).toMatchObject({ outcome: "in-doubt" });
    expect(result?.message).toContain("door is open");
    expect(world.lock).toBe(good.id);
    world.values.set("door", "open");
    expect(await drive(world)).toMatchObject({ outcome: "walked-back" });
    expect(world.values.get("image")).toBe("old");
  });

  it("says what a cancelled plan without a way back leaves", async () => {
    const plan = { ...upgradeBy(run("restart", ["count", "restarts"]), run("more", ["count", "more"])) };
    const world = begun({ ...plan, onFailure: "stop" });
    const asked = () => (world.ran.length > 0 ? "walk-back" : undefined);
    const result = await drive(world, asked);
    expect(result).toMatchObject({ outcome: "stopped" });
    expect(result?.message).toContain("Nothing leads back from “restart”");
    expect(world.ran).toEqual(["count restarts"]);
  });

  it.each([
    { again: { again: "safe" as const }, outcome: "walked-back", image: "old" },
    { again: {}, outcome: "in-doubt", image: "new" },
  ])(
    "begins nothing again that was late and had to be killed: $outcome",
    async ({ again, outcome, image }) => {
      const hanging = run("hanging", ["hang"], { ...again, timeoutMs: 0, undo: [] });
      const world = begun(upgradeBy(before[0] as Step, hanging));
      const result = await drive(world);
      expect(result).toMatchObject({ outcome });
      expect(result?.message).toContain("it was cancelled");
      expect(world.ran.filter((each) => each === "hang")).toHaveLength(1);
      expect(world.values.get("image")).toBe(image);
    },
  );

  it.each(["at once", "by whoever resumes it"])(
    "walks back from what only waits for the commit, %s",
    async (when) => {
      const soak: Step = { ...(before.at(-1) as WaitStep), id: "soak", steadyMs: 60_000, commit: true };
      const world = begun(upgradeBy(before[0] as Step, soak, ...after));
      const isSoaking = () => toOperation(world.records)?.steps.has("soak") === true;
      if (when !== "at once")
        for (let at = 1; !isSoaking(); at += 1) await drive(world, undefined, { at, kind: "plug" });
      const result = await drive(world, () => (isSoaking() ? "walk-back" : undefined));
      expect(result).toMatchObject({ outcome: "walked-back" });
      expect(world.values.get("image")).toBe("old");
    },
  );
});
