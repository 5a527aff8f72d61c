import {
  type Alphabet,
  asciiArea,
  asciiLine,
  blocks,
  braille,
  drawChart,
  drawGauge,
  type Range,
  type Sample,
} from "./graphs.ts";
import { createPainters } from "./painters.ts";
import { asciiSigns, type Signs, unicodeSigns } from "./signs.ts";
import type { ColourLevel, Theme, Token } from "./tokens.ts";

export type Graphs = "auto" | "braille" | "block" | "ascii";

export type State = "ok" | "warning" | "failed" | "unknown" | "unasked" | "degraded" | "unreachable";

export interface LookOptions {
  readonly theme: Theme;
  readonly colorLevel: ColourLevel;
  readonly unicode: boolean;
  readonly graphs: Graphs;
}

/** How everything looks on this terminal. Texts have no colours yet, and what is not `paint`ed has none. */
export interface Look {
  /** Spaces at the edges stay as they are, unless the token has a background or is inverse. What is inverse loses its colours. */
  readonly paint: (token: Token, text: string) => string;
  readonly signs: Signs;
  /** Its sign, painted. */
  readonly state: (state: State) => string;
  /** Exactly `width` columns, the newest value at the right. Without a range from 0 to the highest. */
  readonly sparkline: (values: readonly Sample[], width: number, range?: Range) => string;
  /** The same over several lines, top line first. */
  readonly chart: (
    values: readonly Sample[],
    width: number,
    height: number,
    range?: Range,
  ) => readonly string[];
  /** Exactly `width` columns, for a ratio from 0 to 1. */
  readonly gauge: (ratio: Sample, width: number) => string;
  readonly theme: Theme;
  readonly colorLevel: ColourLevel;
  readonly unicode: boolean;
}

export function createLook({ theme, colorLevel, unicode, graphs }: LookOptions): Look {
  const painters = createPainters(theme, colorLevel);
  const paint = (token: Token, text: string) => painters[token](text);
  const signs = unicode ? unicodeSigns : asciiSigns;
  const [line, area] = toAlphabets(unicode ? graphs : "ascii");
  return {
    paint,
    signs,
    state: (state) => paint(...toSign(state, signs)),
    sparkline: (values, width, range) => drawChart(line, values, { width, height: 1 }, range).join(""),
    chart: (values, width, height, range) => drawChart(area, values, { width, height }, range),
    gauge: (ratio, width) => drawGauge(unicode, ratio, width),
    theme,
    colorLevel,
    unicode,
  };
}

function toAlphabets(graphs: Graphs): readonly [line: Alphabet, area: Alphabet] {
  if (graphs === "ascii") return [asciiLine, asciiArea];
  const alphabet = graphs === "block" ? blocks : braille;
  return [alphabet, alphabet];
}

function toSign(state: State, signs: Signs): [token: Token, sign: string] {
  if (state === "degraded") return ["warning", signs.warning];
  if (state === "unreachable") return ["failed", signs.failed];
  if (state === "unasked") return ["muted", signs.unasked];
  return [state, signs[state]];
}
