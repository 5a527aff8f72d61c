import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { UnreachableError } from "../../src/errors.ts";
import { createSchedule } from "../../src/observe/schedule.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const known = async () => ({ status: "known", fact: 1, at: new Date() }) as const;
const cut = async () =>
  ({ status: "failed", error: new UnreachableError("dropped", "cut"), at: new Date() }) as const;

it("whoever has grown old goes along with the first who is due", async () => {
  const schedule = createSchedule(1_000);
  await schedule.ask("load", 5_000, known);
  vi.advanceTimersByTime(40);
  await schedule.ask("memory", 5_000, known);
  expect(["load", "memory"].filter(schedule.isDue)).toEqual([]);
  vi.setSystemTime(schedule.nextDueAt());
  expect(["load", "memory"].filter(schedule.isDue)).toEqual(["load", "memory"]);
});

it("nothing is asked more often than it wants to be", async () => {
  const schedule = createSchedule(5_000);
  const askedAt = Date.now();
  await schedule.ask("load", 1_000, known);
  expect(schedule.nextDueAt()).toBeGreaterThanOrEqual(askedAt + 5_000);
  vi.advanceTimersByTime(4_999);
  expect(schedule.isDue("load")).toBe(false);
});

it("what was cut off is asked again soon, however long its answer would be fresh", async () => {
  const schedule = createSchedule(1_000);
  const askedAt = Date.now();
  await schedule.ask("disks", 3_600_000, cut);
  expect(schedule.nextDueAt()).toBeLessThan(askedAt + 10_000);
});
