import { expect, it } from "vitest";
import { type Operation, toOperation } from "../../src/journal/operation.ts";
import { backedUpAt, downtimeOf } from "../../src/journal/outcomes.ts";
import type { JournalRecord } from "../../src/journal/record.ts";
import type { Effect, Plan } from "../../src/plan/plan.ts";

const step = (id: string, effect: Effect, more: object = {}) =>
  ({
    kind: "run",
    id,
    title: id,
    effect,
    host: "vps1",
    timeoutMs: 1,
    command: { argv: ["true"] },
    ...more,
  }) as const;

const at = (second: number) => `2026-11-21T14:00:${`${second}`.padStart(2, "0")}.000Z`;

/** What happened at which second. */
function operation(operation: string, steps: readonly object[], ...story: readonly object[]): Operation {
  const plan = { operation, steps, services: ["web"] } as unknown as Plan;
  const records = [
    { kind: "plan", plan, by: {}, at: at(0) },
    ...story,
  ] as unknown as readonly JournalRecord[];
  return toOperation(records) as Operation;
}
const did = (id: string, from: number, to: number, kind: "done" | "failed" = "done") => [
  { kind: "intent", step: id, at: at(from) },
  { kind, step: id, at: at(to) },
];

const gate = step("well", "reads", { kind: "wait", until: [], everyMs: 1, steadyMs: 10_000 });
const upgrade = [
  step("pull", "changes"),
  step("stop", "interrupts", { undo: [step("undo", "interrupts")] }),
  gate,
];
const seconds = (span: ReturnType<typeof downtimeOf>) => span?.map((ms) => (ms - Date.parse(at(0))) / 1000);

it("tells how long a service was down: until it was well, not how long it had to stay so", () => {
  const done = operation(
    "upgrade",
    upgrade,
    ...did("pull", 1, 5),
    ...did("stop", 5, 8),
    ...did("well", 8, 22),
  );
  expect(seconds(downtimeOf(done))).toEqual([5, 12]);
});

it("counts the way back, and nothing where nothing was taken down", () => {
  const back = operation(
    "upgrade",
    upgrade,
    ...did("pull", 1, 5),
    ...did("stop", 5, 8, "failed"),
    ...did("undo", 9, 14),
  );
  expect(seconds(downtimeOf(back))).toEqual([5, 14]);
  expect(downtimeOf(operation("upgrade", upgrade, ...did("pull", 1, 5)))).toBeUndefined();
  const already = [
    { kind: "intent", step: "stop", at: at(5) },
    { kind: "done", step: "stop", already: true, at: at(6) },
  ];
  expect(downtimeOf(operation("upgrade", upgrade, ...already))).toBeUndefined();
});

it("knows of a backup that the repository listed, of another operation and one that failed not", () => {
  const steps = [step("offsite-backup", "changes")];
  const ended = (outcome: string) => ({ kind: "ended", outcome, message: "", at: at(9) });
  const made = (verb: string, outcome: string) =>
    backedUpAt(operation(verb, steps, ...did("offsite-backup", 3, 8), ended(outcome)), "offsite");
  expect([made("backup", "done"), made("backup", "failed"), made("snapshot", "done")]).toEqual([
    at(3),
    undefined,
    undefined,
  ]);
});
