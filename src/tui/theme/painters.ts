import { Chalk, type ChalkInstance } from "chalk";
import { defaultTheme } from "./bundled-themes.ts";
import {
  type Colour,
  type ColourLevel,
  type ColourName,
  flags,
  isHex,
  type Theme,
  type Token,
  type TokenStyle,
  tokens,
} from "./tokens.ts";

type Painter = (text: string) => string;

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is how a colour begins
const colours = /\x1b\[[\d;]*m/g;

/** Made once: what begins and what ends a colour does not depend on the text. */
export function createPainters(theme: Theme, level: ColourLevel): Readonly<Record<Token, Painter>> {
  const chalk = new Chalk({ level });
  const painters = tokens.map((token) => [token, createPainter(chalk, styleOf(theme, token, level))]);
  return Object.fromEntries(painters) as Record<Token, Painter>;
}

function styleOf({ styles, styles16 }: Theme, token: Token, level: ColourLevel): TokenStyle {
  const style = styles[token];
  const otherwise = defaultTheme.styles[token] ?? {};
  // The nearest of 16 colours may be that of another state, or that of the background.
  if (level === 1 && (isExact(style?.color) || isExact(style?.background)))
    return styles16?.[token] ?? otherwise;
  return style ?? otherwise;
}

const isExact = (colour: Colour | undefined) => colour !== undefined && isHex(colour);

function createPainter(chalk: ChalkInstance, style: TokenStyle): Painter {
  const all = withStyle(chalk, style);
  const [open = "", close = ""] = all("\0").split("\0");
  if (open === "") return (text) => text;
  const paint: Painter = (text) => {
    if (!text.includes("\x1b")) return open + text + close;
    // Inverse, each colour would become a patch behind its text.
    if (style.inverse) return open + text.replace(colours, "") + close;
    // Coloured text inside ends a colour of ours: chalk begins it again.
    return all(text);
  };
  if (style.background || style.inverse) return (text) => (text === "" ? "" : paint(text));
  return (text) => {
    const bare = text.trim();
    if (bare === "") return text;
    if (bare.length === text.length) return paint(text);
    const start = text.indexOf(bare);
    return text.slice(0, start) + paint(bare) + text.slice(start + bare.length);
  };
}

function withStyle(chalk: ChalkInstance, style: TokenStyle): ChalkInstance {
  const { color, background } = style;
  let painted = chalk;
  if (color !== undefined) painted = isHex(color) ? painted.hex(color) : painted[color];
  if (background !== undefined) {
    painted = isHex(background) ? painted.bgHex(background) : painted[toBackground(background)];
  }
  for (const flag of flags) if (style[flag]) painted = painted[flag];
  return painted;
}

const toBackground = (name: ColourName) =>
  `bg${name.charAt(0).toUpperCase()}${name.slice(1)}` as `bg${Capitalize<ColourName>}`;
