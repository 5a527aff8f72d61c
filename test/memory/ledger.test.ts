import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import type { Health } from "../../src/backends/resource.ts";
import { createLedger } from "../../src/memory/ledger.ts";
import { openPast } from "../../src/memory/past.ts";
import type { KnownService } from "../../src/model/services.ts";

const folder = mkdtempSync(join(tmpdir(), "scrap-past-"));
afterAll(() => rmSync(folder, { recursive: true }));
const open = () => openPast("/lab/inventory.yaml", { XDG_STATE_HOME: folder }, "/nowhere");

const start = Date.now() - 40 * 60_000;
const service = { name: "web", sla: { downtimeMs: 3_600_000, downtimePer: "year" } };
/** As it is seen so many seconds after the start. */
const seen = (second: number, health: Health) =>
  ({ service, health, seenAt: new Date(start + second * 1000) }) as unknown as KnownService;
const seconds = (ms: number | undefined) => Math.round((ms ?? Number.NaN) / 1000);

it("counts from the look that saw it down to the one that saw it up, and no time when nobody looked", () => {
  const ledger = createLedger(open().ledger);
  for (const [second, health] of [
    [0, "ok"],
    [60, "failed"],
    [70, "unknown"],
    [120, "failed"],
    [130, "ok"],
    [140, "warning"],
    // The machine slept.
    [1_400, "failed"],
    [1_410, "failed"],
    [1_420, "ok"],
  ] as const)
    ledger.note([seen(second, health)]);
  expect(seconds(ledger.budgetOf(seen(1_420, "ok"), Date.now())?.spentMs)).toBe(70 + 20);
  ledger.save("now");
});

it("counts what was stopped on purpose as planned", () => {
  const ledger = createLedger(openPast(undefined, {}, "").ledger);
  for (const second of [0, 30]) ledger.note([{ ...seen(second, "ok"), rest: "stopped by ops" }]);
  ledger.note([seen(40, "ok")]);
  expect(seconds(ledger.budgetOf(seen(40, "ok"), Date.now())?.plannedMs)).toBe(40);
});

it("is known at the next start, and added to by whoever else watches", () => {
  const [one, other] = [createLedger(open().ledger), createLedger(open().ledger)];
  for (const ledger of [one, other])
    for (const second of [2_000, 2_030]) ledger.note([seen(second, "failed")]);
  one.save("now");
  other.note([seen(2_050, "ok")]);
  other.save("now");
  expect(seconds(createLedger(open().ledger).budgetOf(seen(2_060, "ok"), Date.now())?.spentMs)).toBe(90 + 50);
});

it("writes nothing while nothing is new, and not at every look", () => {
  let writes = 0;
  const ledger = createLedger({
    read: () => new Map(),
    add: (more) => {
      writes += 1;
      return more;
    },
  });
  ledger.save("now");
  ledger.note([seen(0, "ok")]);
  ledger.save("due");
  expect(writes).toBe(0);
  ledger.save("now");
  ledger.save("now");
  expect(writes).toBe(1);
});
