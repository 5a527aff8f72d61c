import type { Cleanup } from "./cleanup.ts";
import type { Crowd } from "./crowd.ts";
import { environmentIn, scrap } from "./product.ts";
import { openScreen, type Screen } from "./screen.ts";

export const size = { rows: 40, columns: 120 };
const leave = "\x03";

/** The cockpit of these hosts in a terminal. What it remembers is kept in the folder. */
export const openCockpitOn = (
  { inventory }: Crowd,
  folder: string,
  cleanup: Cleanup,
  env: Readonly<Record<string, string>> = {},
): Screen =>
  openScreen(
    [scrap, "--inventory", inventory],
    { ...size, leave, env: { ...environmentIn(folder), ...env } },
    cleanup,
  );

export const showsHosts = (lines: readonly string[]): boolean =>
  lines.some((line) => /^.{0,3}host\d{3} /.test(line));

/** Every host has told everything: the header says that all is well. */
export const isAllSeen = (lines: readonly string[]): boolean => lines[0]?.includes("all well") ?? false;
