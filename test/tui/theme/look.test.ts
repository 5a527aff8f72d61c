import { expect, it } from "vitest";
import { width } from "../../../src/tui/text/width.ts";
import { defaultTheme } from "../../../src/tui/theme/bundled-themes.ts";
import { detectLook } from "../../../src/tui/theme/detect-look.ts";
import { createLook, type LookOptions } from "../../../src/tui/theme/look.ts";
import { asciiSigns, unicodeSigns } from "../../../src/tui/theme/signs.ts";
import type { Theme } from "../../../src/tui/theme/tokens.ts";

const look = (options: Partial<LookOptions> = {}) =>
  createLook({ theme: defaultTheme, colorLevel: 1, unicode: true, graphs: "auto", ...options });

const theme = (styles: Theme["styles"], styles16?: Theme["styles"]): Theme => ({
  name: "t",
  title: "T",
  styles,
  styles16,
});

it("paints by what a text is", () => {
  const { paint } = look();
  expect(paint("ok", "up")).toBe("\u001b[32mup\u001b[39m");
  expect(paint("text", "up")).toBe("up");
  expect(paint("failed", "")).toBe("");
  expect(paint("selected", "")).toBe("");
});

it("leaves padding alone where nobody sees its colour", () => {
  const { paint } = look();
  expect(paint("ok", "  up ")).toBe("  \u001b[32mup\u001b[39m ");
  expect(paint("ok", "   ")).toBe("   ");
  expect(paint("selected", " row ")).toBe("\u001b[7m row \u001b[27m");
});

it("begins a colour again after one inside it", () => {
  const { paint } = look({ theme: theme({ text: { color: "white" } }) });
  expect(paint("text", `a ${paint("ok", "b")} c`)).toBe(
    "\u001b[37ma \u001b[32mb\u001b[39m\u001b[37m c\u001b[39m",
  );
});

it("shows what is inverse in one piece", () => {
  const { paint } = look();
  expect(paint("selected", `a ${paint("failed", "b")}`)).toBe("\u001b[7ma b\u001b[27m");
});

it("has no colours and no inverse at level 0", () => {
  const { paint, state } = look({ colorLevel: 0 });
  expect(paint("selected", "row")).toBe("row");
  expect(state("failed")).toBe("✖");
});

it("takes exact colours as they are, or what was given for 16", () => {
  const exact = theme(
    { ok: { color: "#112233" }, failed: { background: "#112233" } },
    { failed: { color: "blue" } },
  );
  expect(look({ theme: exact, colorLevel: 3 }).paint("ok", "x")).toBe("\u001b[38;2;17;34;51mx\u001b[39m");
  expect(look({ theme: exact, colorLevel: 2 }).paint("ok", "x")).toContain("\u001b[38;5;");
  expect(look({ theme: exact }).paint("ok", "x")).toBe(look().paint("ok", "x"));
  expect(look({ theme: exact }).paint("failed", "x")).toBe("\u001b[34mx\u001b[39m");
  expect(look({ theme: exact }).paint("warning", "x")).toBe(look().paint("warning", "x"));
});

it("has signs of the same width for every terminal, and a different one for each state", () => {
  for (const [name, sign] of Object.entries(unicodeSigns)) {
    const other = asciiSigns[name as keyof typeof asciiSigns];
    expect(other).toMatch(/^[ -~]+$/);
    expect(width(other)).toBe(width(sign));
  }
  for (const unicode of [true, false]) {
    const { state } = look({ unicode, colorLevel: 0 });
    const shown = (["ok", "warning", "failed", "unknown", "unasked"] as const).map(state);
    expect(new Set(shown).size).toBe(5);
    expect(state("degraded")).toBe(state("warning"));
    expect(state("unreachable")).toBe(state("failed"));
  }
});

const utf8 = { LANG: "en_US.UTF-8", TERM: "xterm-256color" };

it.each([
  [{}, 2],
  [{ COLORTERM: "truecolor" }, 3],
  [{ TERM: "xterm" }, 1],
  [{ NO_COLOR: "1", COLORTERM: "truecolor" }, 0],
  [{ NO_COLOR: "1", FORCE_COLOR: "3" }, 0],
  [{ NO_COLOR: "" }, 2],
  [{ FORCE_COLOR: "0" }, 0],
  [{ FORCE_COLOR: "" }, 1],
  [{ FORCE_COLOR: "3", TERM: "dumb" }, 3],
  [{ TERM: "dumb" }, 0],
])("of a terminal with %j takes level %i", (environment, level) => {
  expect(detectLook({ isTTY: true }, { ...utf8, ...environment }).colorLevel).toBe(level);
});

it("has no colours where nobody wants them", () => {
  const forced = { ...utf8, FORCE_COLOR: "3" };
  expect(detectLook({ isTTY: true }, forced, { colours: false }).colorLevel).toBe(0);
  expect(detectLook({ isTTY: true }, forced, { colours: true }).colorLevel).toBe(3);
});

it("has no colours where no terminal is, unless forced", () => {
  expect(detectLook({}, utf8).colorLevel).toBe(0);
  expect(detectLook({}, { ...utf8, FORCE_COLOR: "2" }).colorLevel).toBe(2);
});

it.each([
  [{ LANG: "de_DE.utf8" }, true],
  [{ LANG: "C.UTF-8", LC_ALL: "C" }, false],
  [{ LC_CTYPE: "UTF-8", LANG: "C" }, true],
  [{ LANG: "C.UTF-8", TERM: "linux" }, false],
  [{ LANG: "C.UTF-8", TERM: "dumb" }, false],
  [{}, false],
])("of %j knows whether more than ASCII can be shown: %s", (environment, unicode) => {
  expect(detectLook({ isTTY: true }, environment).unicode).toBe(unicode);
});

it("takes theme and graphs from the settings", () => {
  const chosen = theme({ ok: { color: "blue" } });
  const { paint, sparkline } = detectLook(
    {},
    { ...utf8, FORCE_COLOR: "1" },
    { theme: chosen, graphs: "block" },
  );
  expect(paint("ok", "x")).toBe("\u001b[34mx\u001b[39m");
  expect(sparkline([1], 1)).toBe("█");
});
