import { styleText } from "node:util";
import type { Health } from "../backends/resource.ts";
import type { HostHealth } from "../model/hosts.ts";

/** How text looks on this output. State is never colour alone: a sign or a word goes with it. */
export interface Style {
  readonly sign: (health: Health | HostHealth) => string;
  readonly paint: (health: Health | HostHealth, text: string) => string;
  readonly muted: (text: string) => string;
  readonly strong: (text: string) => string;
  /** Characters in a line; Infinity where nobody looks at a screen. */
  readonly columns: number;
  readonly ellipsis: string;
}

interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

const unicode = { ok: "●", warning: "▲", failed: "✖", unknown: "?" };
const ascii = { ok: "o", warning: "!", failed: "x", unknown: "?" };
const colours = { ok: "green", warning: "yellow", failed: "red", unknown: "magenta" } as const;
const toHealth: Record<Health | HostHealth, Health> = {
  ok: "ok",
  warning: "warning",
  degraded: "warning",
  failed: "failed",
  unreachable: "failed",
  unknown: "unknown",
};

export function createStyle(output: Output, environment: Environment, colour?: boolean): Style {
  const colourful = colour ?? wantsColour(output, environment);
  const signs = isUtf8(environment) ? unicode : ascii;
  const style = (format: Parameters<typeof styleText>[0], text: string) =>
    colourful ? styleText(format, text, { validateStream: false }) : text;
  return {
    sign: (health) => style(colours[toHealth[health]], signs[toHealth[health]]),
    paint: (health, text) => (toHealth[health] === "ok" ? text : style(colours[toHealth[health]], text)),
    muted: (text) => style("dim", text),
    strong: (text) => style("bold", text),
    columns: output.isTTY ? (output.columns ?? 80) : toWidth(environment["COLUMNS"]),
    ellipsis: isUtf8(environment) ? "…" : "~",
  };
}

/** https://no-color.org, and FORCE_COLOR as Node.js reads it. */
function wantsColour({ isTTY = false }: Output, environment: Environment): boolean {
  if (environment["NO_COLOR"]) return false;
  const forced = environment["FORCE_COLOR"];
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return isTTY && environment["TERM"] !== "dumb";
}

function isUtf8(environment: Environment): boolean {
  const locale = environment["LC_ALL"] || environment["LC_CTYPE"] || environment["LANG"] || "";
  return /utf-?8/i.test(locale) && environment["TERM"] !== "linux" && environment["TERM"] !== "dumb";
}

function toWidth(text: string | undefined): number {
  const width = Number(text);
  return Number.isInteger(width) && width > 0 ? width : Number.POSITIVE_INFINITY;
}
