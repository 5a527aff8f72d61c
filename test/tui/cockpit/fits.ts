import { stripVTControlCharacters } from "node:util";
import { expect } from "vitest";
import { width } from "../../../src/tui/text/width.ts";
import type { Size } from "../../../src/tui/view/layout.ts";

export const plain = (rows: readonly string[]): readonly string[] => rows.map(stripVTControlCharacters);

/** As many rows as the terminal has, none wider than it, and nothing in them that drives it but colours. */
export function expectFrame(rows: readonly string[], { columns, rows: height }: Size, where: string): void {
  expect(rows.length, where).toBe(height);
  for (const row of rows) {
    expect.soft(width(row), `${where}: ${JSON.stringify(row)}`).toBeLessThanOrEqual(columns);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    const uncoloured = row.replaceAll(/\x1b\[[\d;]*m/g, "");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: as above
    expect.soft(uncoloured, where).not.toMatch(/[\0-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
  }
}
