import { pad } from "../../src/tui/text/pad.ts";
import { bundledThemes } from "../../src/tui/theme/bundled-themes.ts";
import { createLook } from "../../src/tui/theme/look.ts";
import { type HexColour, type Theme, tokens } from "../../src/tui/theme/tokens.ts";
import { type Cell, type CellColour, type Grid, readGrid } from "./read-grid.ts";
import { type TerminalColours, terminalOn, toHex } from "./terminal-colours.ts";

const columns = 60;
const load = Array.from({ length: 20 }, (_, hour) => 3 + 2 * Math.sin(hour / 3) + (hour % 5) / 2);

/** What each theme makes of a made-up screen, two beside each other. */
export async function drawThemes(): Promise<Grid> {
  const panels = await Promise.all(
    bundledThemes.map(async (theme) => {
      const lines = drawTheme(theme);
      const grid = await readGrid(lines.join("\n"), columns, lines.length);
      const colours = terminalOn(theme.background);
      return grid.rows.map((row) => row.map((cell) => withColours(cell, colours)));
    }),
  );
  const empty = await readGrid("", columns, panels[0]?.length ?? 0);
  const rows = panels.flatMap((left, index) => {
    if (index % 2 === 1) return [];
    const right = panels[index + 1] ?? empty.rows;
    return left.map((row, line) => [...row, ...(right[line] ?? [])]);
  });
  return { columns: columns * 2, rows };
}

/** As if the terminal were another one. */
function withColours(
  { text, columns, style }: Cell,
  { foreground, background, palette }: TerminalColours,
): Cell {
  const exact = (colour: CellColour, otherwise: HexColour) => toHex(colour, palette) ?? otherwise;
  const colours = { color: exact(style.color, foreground), background: exact(style.background, background) };
  return { text, columns, style: { ...style, ...colours } };
}

function drawTheme(theme: Theme): readonly string[] {
  const { paint, signs, state, sparkline, gauge } = createLook({
    theme,
    colorLevel: 3,
    unicode: true,
    graphs: "auto",
  });
  const rule = signs.rule.repeat(columns - theme.title.length - 6);
  const sample = (from: number, to: number) =>
    ` ${tokens
      .slice(from, to)
      .map((token) => paint(token, token))
      .join(" ")}`;
  const row = (host: string, sign: string, words: string, graph: string, disk: string) =>
    `${pad(host, 7)}${sign} ${words}${graph} ${disk}`;
  return [
    "",
    ` ${paint("border", signs.rule)} ${paint("title", theme.title)} ${paint("border", rule)}`,
    `   ${row("vps1", state("ok"), paint("text", pad("ok", 24)), paint("accent", sparkline(load, 10)), `${gauge(0.6, 6)} 62%`)}`,
    `   ${row("vps2", state("warning"), paint("warning", pad("on battery, 14 min left", 24)), paint("accent", sparkline(load.toReversed(), 10)), `${gauge(0.5, 6)} 48%`)}`,
    ` ${paint("selected", `${signs.pointer} ${row("nas", state("failed"), paint("failed", pad("tank degraded, sdc gone", 24)), " ".repeat(10), `${paint("warning", gauge(0.9, 6))} 91%  `)}`)}`,
    `   ${row("pi", state("unknown"), paint("unknown", pad("never answered", 24)), "", "")}`,
    `   ${row("old", state("unasked"), paint("muted", pad("not asked yet", 24)), paint("muted", "6 min ago"), "")}`,
    sample(0, 7),
    sample(7, 15),
    sample(15, 21),
    "",
  ];
}
