import type { Health } from "../backends/resource.ts";
import type { HostHealth } from "../model/hosts.ts";
import type { Token } from "./theme/tokens.ts";

/** How something is, or that nobody asked yet. */
export type Shown = Health | HostHealth | "unasked";

/** A piece of text that looks one way; without a token it looks like text. Or the sign of a state. */
export type Span = { readonly text: string; readonly token?: Token } | { readonly sign: Shown };

/** One line of a screen, without its width: who draws it cuts it. */
export type Line = readonly Span[];

export const span = (text: string, token?: Token): Span => (token === undefined ? { text } : { text, token });

export const sign = (state: Shown): Span => ({ sign: state });

/** Words in a line: plain text stays text. */
export const line = (...parts: readonly (string | Span)[]): Line =>
  parts.filter((part) => part !== "").map((part) => (typeof part === "string" ? { text: part } : part));

/** What it reads as, for filters and sorting: a sign is no text. */
export const textOf = (spans: Line): string =>
  spans.map((part) => ("text" in part ? part.text : "")).join("");

const tokens = {
  ok: "ok",
  warning: "warning",
  degraded: "warning",
  failed: "failed",
  unreachable: "failed",
  unknown: "unknown",
  unasked: "muted",
} as const satisfies Record<Shown, Token>;

export const tokenOf = (state: Shown): Token => tokens[state];
