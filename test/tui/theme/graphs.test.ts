import { expect, it } from "vitest";
import { defaultTheme } from "../../../src/tui/theme/bundled-themes.ts";
import { createLook, type Graphs } from "../../../src/tui/theme/look.ts";

const look = (graphs: Graphs, unicode = true) =>
  createLook({ theme: defaultTheme, colorLevel: 0, unicode, graphs });

it("draws the newest values at the right, in exactly the width", () => {
  const { sparkline } = look("block");
  expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8)).toBe("▁▂▃▄▅▆▇█");
  expect(sparkline([9, 9, 0, 7], 2, { min: 0, max: 7 })).toBe("▁█");
  expect(sparkline([7], 3)).toBe("  █");
  expect(sparkline([], 3)).toBe("   ");
  expect(sparkline([1], 0)).toBe("");
});

it("leaves a gap where nothing is known, and shows the lowest value nevertheless", () => {
  const { sparkline } = look("block");
  expect(sparkline([0, undefined, Number.NaN, 0], 4)).toBe("▁  ▁");
  expect(sparkline([-4, 0], 2)).toBe("▁█");
  expect(sparkline([200, -200], 2, { min: 0, max: 100 })).toBe("█▁");
});

it("has two values a cell in braille", () => {
  const { sparkline } = look("auto");
  expect(sparkline([1, 2, 3, 4], 2, { min: 1, max: 4 })).toBe("⣠⣾");
  expect(sparkline([4], 2, { min: 1, max: 4 })).toBe(" ⢸");
});

it("has ASCII where nothing else can be shown", () => {
  for (const { sparkline, chart, gauge } of [look("braille", false), look("ascii", false)]) {
    expect(sparkline([0, 1, 2, 3, 4], 5)).toBe("_.-=^");
    expect(chart([0, 2, 5], 3, 2)).toEqual(["  #", ".##"]);
    expect(gauge(0.5, 4)).toBe("##..");
  }
  expect(look("ascii").sparkline([0, 1], 2)).toBe("_^");
});

it("draws higher with more lines", () => {
  expect(look("block").chart([0, 15], 2, 2, { min: 0, max: 15 })).toEqual([" █", "▁█"]);
  expect(look("block").chart([8], 1, 2, { min: 0, max: 15 })).toEqual(["▁", "█"]);
  expect(look("auto").chart([], 2, 2)).toEqual(["  ", "  "]);
});

it.each([
  [0, "────"],
  [0.001, "╾───"],
  [0.5, "━━──"],
  [0.62, "━━╾─"],
  [0.999, "━━━╾"],
  [1, "━━━━"],
  [7, "━━━━"],
  [-1, "────"],
  [undefined, "?   "],
  [Number.NaN, "?   "],
])("gauges %s", (ratio, drawn) => {
  expect(look("auto").gauge(ratio, 4)).toBe(drawn);
});
