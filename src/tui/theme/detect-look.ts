import { WriteStream } from "node:tty";
import { defaultTheme } from "./bundled-themes.ts";
import { createLook, type Graphs, type Look } from "./look.ts";
import type { ColourLevel, Theme } from "./tokens.ts";

type Environment = Readonly<Record<string, string | undefined>>;

interface Output {
  readonly isTTY?: boolean;
}

export interface LookSettings {
  readonly theme?: Theme | undefined;
  readonly graphs?: Graphs | undefined;
  /** False for none, whatever the terminal can. */
  readonly colours?: boolean | undefined;
}

export function detectLook(stdout: Output, environment: Environment, settings: LookSettings = {}): Look {
  return createLook({
    theme: settings.theme ?? defaultTheme,
    colorLevel: settings.colours === false ? 0 : detectColours(stdout, environment),
    unicode: isUtf8(environment),
    graphs: settings.graphs ?? "auto",
  });
}

const forcedLevels: Readonly<Record<string, ColourLevel>> = { "0": 0, false: 0, "2": 2, "3": 3 };
const levels: Readonly<Record<number, ColourLevel>> = { 4: 1, 8: 2, 24: 3 };

/** https://no-color.org, and FORCE_COLOR as Node.js reads it. */
function detectColours({ isTTY = false }: Output, environment: Environment): ColourLevel {
  if (environment["NO_COLOR"]) return 0;
  const forced = environment["FORCE_COLOR"];
  if (forced !== undefined) return forcedLevels[forced] ?? 1;
  if (!isTTY) return 0;
  // An empty NO_COLOR says nothing, but Node.js takes it for a yes.
  const { NO_COLOR: _, ...asked } = environment;
  // What it knows comes from the variables alone.
  return levels[WriteStream.prototype.getColorDepth(asked)] ?? 0;
}

function isUtf8(environment: Environment): boolean {
  const locale = environment["LC_ALL"] || environment["LC_CTYPE"] || environment["LANG"] || "";
  return /utf-?8/i.test(locale) && environment["TERM"] !== "linux" && environment["TERM"] !== "dumb";
}
