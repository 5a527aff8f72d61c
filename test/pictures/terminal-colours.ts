import type { HexColour } from "../../src/tui/theme/tokens.ts";
import type { CellColour, CellStyle } from "./read-grid.ts";

/** What the user of a terminal has chosen for it. */
export interface TerminalColours {
  readonly background: HexColour;
  readonly foreground: HexColour;
  /** The 16 that have names. */
  readonly palette: readonly HexColour[];
}

export const darkTerminal: TerminalColours = {
  background: "#16181d",
  foreground: "#d7dae0",
  palette: [
    "#22252b",
    "#f0646b",
    "#7fc772",
    "#e0b95c",
    "#6aa6f0",
    "#c68aee",
    "#56c2cf",
    "#c8ccd4",
    "#6b7280",
    "#ff8a8f",
    "#9fe093",
    "#f5d37f",
    "#8fbfff",
    "#dcaaff",
    "#7fdbe6",
    "#ffffff",
  ],
};

export const lightTerminal: TerminalColours = {
  background: "#ffffff",
  foreground: "#24292f",
  palette: [
    "#24292f",
    "#c2222d",
    "#1a7f37",
    "#946200",
    "#0757ba",
    "#8250df",
    "#0f7282",
    "#6e7781",
    "#57606a",
    "#a40e26",
    "#116329",
    "#7a4d00",
    "#0a3f8a",
    "#6639ba",
    "#0b5c69",
    "#8c959f",
  ],
};

/** For a theme that was made for a background. */
export function terminalOn(background: HexColour | undefined): TerminalColours {
  if (background === undefined) return darkTerminal;
  const like = Number.parseInt(background.slice(1, 3), 16) > 128 ? lightTerminal : darkTerminal;
  return { ...like, background };
}

export interface Inks {
  readonly ink: HexColour;
  /** None where the terminal's own shows. */
  readonly behind: HexColour | undefined;
}

export function toInks(style: CellStyle, colours: TerminalColours): Inks {
  const ink = toHex(style.color, colours.palette) ?? colours.foreground;
  const behind = toHex(style.background, colours.palette);
  return style.inverse ? { ink: behind ?? colours.background, behind: ink } : { ink, behind };
}

export function toHex(colour: CellColour, palette: readonly HexColour[]): HexColour | undefined {
  if (typeof colour !== "number") return colour;
  if (colour < 16) return palette[colour];
  if (colour >= 232) return grey(8 + (colour - 232) * 10);
  const place = colour - 16;
  const parts = [Math.floor(place / 36), Math.floor(place / 6) % 6, place % 6];
  return `#${parts.map((part) => twoDigits(part === 0 ? 0 : 55 + part * 40)).join("")}`;
}

const grey = (value: number): HexColour => `#${twoDigits(value).repeat(3)}`;
const twoDigits = (value: number) => value.toString(16).padStart(2, "0");
