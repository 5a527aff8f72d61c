import standard from "../../../themes/default.json" with { type: "json" };
import type { Theme } from "./tokens.ts";

// Part of the bundle, and checked by a test: nobody reads or checks them at start.
export const bundledThemes = [standard] as readonly Theme[];

export const defaultTheme = standard as Theme;
