import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createStyle } from "../../src/cli/style.ts";
import { drawTable } from "../../src/cli/table.ts";
import { type RecordedLab, scrap } from "./harness.ts";

const lab: RecordedLab = {
  inventory: "version: 1\nhosts: { vps1: {}, vps2: {} }\n",
  hosts: { vps1: ["vps1-healthy"], vps2: ["vps2-services-failing", "vps2-healthy"] },
};
const at = (time: string) => vi.useFakeTimers({ toFake: ["Date"], now: new Date(time) });
beforeAll(() => void at("2026-11-20T20:30:00Z"));
afterAll(() => void vi.useRealTimers());

it.each([20, 40, 60, 80])("keeps NAME and HEALTH in %i columns", async (columns) => {
  const { stdout } = await scrap({ ...lab, columns }, "get", "units", "--problems");
  const [head = "", ...rows] = stdout.split("\n");
  expect(head).toMatch(/NAME +HEALTH/);
  expect(rows.every((row) => /[✖▲?] [a-z…]+/.test(row))).toBe(true);
  expect(Math.max(...[head, ...rows].map((line) => line.length))).toBeLessThanOrEqual(columns);
});

it.each([16, 24, 30])("keeps the host and its state in %i columns", async (columns) => {
  const { stdout } = await scrap({ ...lab, columns }, "status", "vps2");
  expect(stdout).toMatch(/^HOST +STATE/);
  expect(stdout).toMatch(/^vps2 +✖ /m);
});

it("cuts names before it drops them", async () => {
  const style = { ...createStyle({ isTTY: true, columns: 20 }, { LANG: "C.UTF-8", NO_COLOR: "1" }) };
  const columns = [
    { title: "NAME", cell: (name: string) => name, essential: true },
    { title: "HEALTH", cell: () => "● ok", essential: true },
    { title: "MORE", cell: () => "whatever" },
  ];
  expect(drawTable(["a-very-long-name.service"], columns, style)).toBe(
    "NAME          HEALTH\na-very-long…  ● ok",
  );
});

it.each([
  ["2026-11-20T20:30:00Z", " in 6 h "],
  ["2026-11-21T02:31:30Z", " now "],
  ["2026-11-21T02:35:00Z", " 5 min ago, overdue"],
])("at %s a timer of half past two is due%s", async (now, due) => {
  at(now);
  const { stdout } = await scrap({ ...lab, columns: 140 }, "get", "timers", "--host", "vps1");
  at("2026-11-20T20:30:00Z");
  expect(stdout).toContain(due);
});
