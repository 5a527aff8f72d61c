import { expect, it } from "vitest";
import { budgetOf, type Span, type Watched } from "../../src/model/budget.ts";
import { sayLeft, saySpent } from "../../src/model/budget-words.ts";

const hour = 3_600_000;
const begin = Date.UTC(2026, 10, 1);
const now = Date.UTC(2026, 10, 21);
const at = (day: number, ...hours: readonly [number, number]): Span => [
  Date.UTC(2026, 10, day, hours[0]),
  Date.UTC(2026, 10, day, hours[1]),
];
const sla = { downtimeMs: 72 * hour, downtimePer: "month" } as const;
const say = (watched: Partial<Watched>, level: Parameters<typeof budgetOf>[0] = sla) => {
  const budget = budgetOf(level, { up: [], down: [], planned: [], ...watched }, now);
  return budget && [sayLeft(budget), saySpent(budget)];
};

it("counts what was seen down and what was planned once", () => {
  expect(say({ up: [[begin, now]], down: [at(3, 4, 5)], planned: [at(3, 4, 6)] })).toEqual([
    "2 d 22 h of 3 d",
    "2 h of 3 d this month, 2 h of it planned",
  ]);
});

it("says at least where nobody looked", () => {
  expect(say({ up: [[begin, at(11, 0, 0)[0]]], down: [at(12, 0, 1)] })).toEqual([
    "up to 2 d 23 h of 3 d",
    "at least 1 h of 3 d this month; somebody watched 50% of it",
  ]);
});

it("says nothing where nothing was promised or seen, and forgets the month before", () => {
  expect(say({ up: [[begin, now]] }, {})).toBeUndefined();
  expect(say({})).toBeUndefined();
  expect(say({ down: [[begin - 5 * hour, begin - hour]] })).toBeUndefined();
  expect(say({ up: [[begin, now]], down: [[begin - 5 * hour, begin + hour]] })?.[0]).toBe("2 d 23 h of 3 d");
});

it("says by how much it is over", () => {
  expect(say({ up: [[begin, now]], down: [at(3, 0, 5)] }, { downtimeMs: hour })?.[0]).toBe(
    "over by 4 h of 1 h",
  );
});
