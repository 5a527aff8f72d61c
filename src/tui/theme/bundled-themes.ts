import blind from "../../../themes/colour-blind-safe.json" with { type: "json" };
import dark from "../../../themes/dark.json" with { type: "json" };
import standard from "../../../themes/default.json" with { type: "json" };
import gruvboxDark from "../../../themes/gruvbox-dark.json" with { type: "json" };
import gruvboxLight from "../../../themes/gruvbox-light.json" with { type: "json" };
import contrast from "../../../themes/high-contrast.json" with { type: "json" };
import light from "../../../themes/light.json" with { type: "json" };
import monochrome from "../../../themes/monochrome.json" with { type: "json" };
import nord from "../../../themes/nord.json" with { type: "json" };
import solarizedDark from "../../../themes/solarized-dark.json" with { type: "json" };
import solarizedLight from "../../../themes/solarized-light.json" with { type: "json" };
import type { Theme } from "./tokens.ts";

/** Part of the bundle, and checked by a test: nobody reads or checks them at start. In the order to choose from. */
export const bundledThemes = [
  standard,
  dark,
  light,
  contrast,
  blind,
  monochrome,
  solarizedDark,
  solarizedLight,
  nord,
  gruvboxDark,
  gruvboxLight,
] as readonly Theme[];

export const defaultTheme = standard as Theme;
