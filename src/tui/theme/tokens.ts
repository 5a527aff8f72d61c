/** What a piece of text is. Screens name these, never a colour. */
export const tokens = [
  "text",
  "muted",
  "strong",
  "accent",
  "title",
  "border",
  "focus",
  "selected",
  "ok",
  "warning",
  "failed",
  "unknown",
  "changed",
  "match",
  "key",
  // The services of a log that shows several.
  "source1",
  "source2",
  "source3",
  "source4",
  "source5",
  "source6",
] as const;

export type Token = (typeof tokens)[number];

/** The 16 colours that every terminal lets its user choose, by chalk's names. */
export const colourNames = [
  "black",
  "red",
  "green",
  "yellow",
  "blue",
  "magenta",
  "cyan",
  "white",
  "blackBright",
  "redBright",
  "greenBright",
  "yellowBright",
  "blueBright",
  "magentaBright",
  "cyanBright",
  "whiteBright",
] as const;

export type ColourName = (typeof colourNames)[number];
export type Colour = ColourName | HexColour;
export type HexColour = `#${string}`;

export const isHex = (colour: string): colour is HexColour => colour.startsWith("#");

export const flags = ["bold", "dim", "italic", "underline", "inverse"] as const;

export interface TokenStyle {
  readonly color?: Colour | undefined;
  readonly background?: Colour | undefined;
  readonly bold?: boolean | undefined;
  readonly dim?: boolean | undefined;
  readonly italic?: boolean | undefined;
  readonly underline?: boolean | undefined;
  readonly inverse?: boolean | undefined;
}

export type Styles = Readonly<Partial<Record<Token, TokenStyle | undefined>>>;

/** A file of `themes/`. A token that it leaves out looks as in `default`. */
export interface Theme {
  readonly name: string;
  readonly title: string;
  /** What it was made for. Never painted: that is the terminal's. */
  readonly background?: HexColour | undefined;
  readonly styles: Styles;
  /** Instead of #rrggbb where the terminal has 16 colours; without, those tokens look as in `default`. */
  readonly styles16?: Styles | undefined;
}

/** None, 16, 256, 16 million. */
export type ColourLevel = 0 | 1 | 2 | 3;
