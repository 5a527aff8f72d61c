import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { bundledThemes, defaultTheme } from "../../../src/tui/theme/bundled-themes.ts";
import { createLook } from "../../../src/tui/theme/look.ts";
import { checkTheme } from "../../../src/tui/theme/theme-schema.ts";
import { type HexColour, isHex, type Theme, type Token, tokens } from "../../../src/tui/theme/tokens.ts";
import { contrast, difference, eyeKinds, seenBy, toLight } from "./colours.ts";

const folder = new URL("../../../themes", import.meta.url).pathname;
const states = ["ok", "warning", "failed", "unknown"] as const;
const exact = bundledThemes.filter((theme) => theme.background !== undefined);
const colourOf = (theme: Theme, token: Token): HexColour => {
  const colour = theme.styles[token]?.color;
  if (colour === undefined || !isHex(colour))
    throw new Error(`${theme.name} has no exact colour for ${token}`);
  return colour;
};
const coloured = (theme: Theme) => tokens.filter((token) => theme.styles[token]?.color !== undefined);

it("bundles every file of themes/", () => {
  const files = readdirSync(folder).map((file) => file.replace(/\.json$/, ""));
  expect(bundledThemes.map(({ name }) => name).sort()).toEqual(files.sort());
});

it.each(bundledThemes.map((theme) => [theme.name, theme] as const))(
  "%s is right and complete",
  (_, theme) => {
    expect(checkTheme(theme)).toEqual({ theme });
    expect(Object.keys(theme.styles).sort()).toEqual([...tokens].sort());
  },
);

it.each(bundledThemes.map((theme) => [theme.name, theme] as const))("%s tells states apart", (_, theme) => {
  for (const colorLevel of [1, 2, 3] as const) {
    const { paint } = createLook({ theme, colorLevel, unicode: true, graphs: "auto" });
    expect(new Set(states.map((state) => paint(state, "word"))).size).toBe(states.length);
    expect(paint("selected", "row")).not.toBe(paint("text", "row"));
    expect(paint("muted", "word")).not.toBe(paint("text", "word"));
  }
});

it.each(exact.map((theme) => [theme.name, theme] as const))("%s can be read", (_, theme) => {
  const { background = "#000000" } = theme;
  const selected = theme.styles.selected?.background as HexColour;
  expect(contrast(colourOf(theme, "text"), background)).toBeGreaterThanOrEqual(4.5);
  expect(contrast(colourOf(theme, "muted"), background)).toBeGreaterThanOrEqual(3);
  expect(contrast(colourOf(theme, "border"), background)).toBeGreaterThanOrEqual(2);
  for (const token of coloured(theme).filter((token) => token !== "muted" && token !== "border")) {
    expect(contrast(colourOf(theme, token), background), token).toBeGreaterThanOrEqual(4);
    expect(contrast(colourOf(theme, token), selected), `selected ${token}`).toBeGreaterThanOrEqual(3);
  }
});

it("high-contrast has a high contrast", () => {
  const theme = exact.find(({ name }) => name === "high-contrast") ?? defaultTheme;
  for (const token of coloured(theme))
    expect(contrast(colourOf(theme, token), "#000000"), token).toBeGreaterThan(7);
});

it.each(eyeKinds)("colour-blind-safe tells states apart for %s eyes", (kind) => {
  const theme = exact.find(({ name }) => name === "colour-blind-safe") ?? defaultTheme;
  const seen = states.map((state) => seenBy(kind, toLight(colourOf(theme, state))));
  seen.forEach((one, index) => {
    for (const other of seen.slice(index + 1)) expect(difference(one, other)).toBeGreaterThan(20);
  });
});

it.each(["default", "monochrome"])("%s leaves the background to the terminal", (name) => {
  const theme = bundledThemes.find((one) => one.name === name);
  for (const style of Object.values(theme?.styles ?? {})) expect(style).not.toHaveProperty("background");
});

it("monochrome has no colours, and default those of the terminal only", () => {
  const coloursOf = (name: string) =>
    Object.values(bundledThemes.find((one) => one.name === name)?.styles ?? {}).flatMap(
      (style) => style?.color ?? [],
    );
  expect(coloursOf("monochrome")).toEqual([]);
  expect(coloursOf("default").filter(isHex)).toEqual([]);
});
