import { fit } from "./fit.ts";
import { width } from "./width.ts";

export type Align = "left" | "right" | "center";

/** Exactly so many columns of one line. Pad first, then paint. */
export function pad(text: string, columns: number, align: Align = "left", ellipsis = "…"): string {
  const fitted = fit(text, columns, ellipsis);
  const room = Math.max(0, columns - width(fitted));
  if (room === 0) return fitted;
  const before = align === "left" ? 0 : align === "right" ? room : room >> 1;
  return " ".repeat(before) + fitted + " ".repeat(room - before);
}
