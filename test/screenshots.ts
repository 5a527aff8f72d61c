import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Grid, readGrid } from "./pictures/read-grid.ts";
import { darkTerminal, type TerminalColours } from "./pictures/terminal-colours.ts";
import { drawThemes } from "./pictures/theme-sheet.ts";
import { toPng } from "./pictures/to-png.ts";
import { toSvg } from "./pictures/to-svg.ts";
import { drawScreens } from "./screens.ts";

/** What a terminal of that size shows. */
export interface Screen {
  readonly name: string;
  readonly columns: number;
  readonly rows: number;
  readonly ansi: string;
  /** Dark, when left out. */
  readonly colours?: TerminalColours;
}

const folder = fileURLToPath(new URL("../screenshots", import.meta.url));

mkdirSync(folder, { recursive: true });
await write("themes", await drawThemes(), darkTerminal);
for (const { name, columns, rows, ansi, colours = darkTerminal } of await drawScreens()) {
  await write(name, await readGrid(ansi, columns, rows), colours);
}

async function write(name: string, grid: Grid, colours: TerminalColours): Promise<void> {
  const svg = toSvg(grid, colours);
  // Sharp on any display, unless that would make a large picture huge.
  const png = await toPng(svg, grid.columns > 100 ? 1 : 2);
  writeFileSync(join(folder, `${name}.svg`), svg);
  writeFileSync(join(folder, `${name}.png`), png);
  const size = (bytes: number) => `${Math.ceil(bytes / 1024)} KB`;
  console.log(`${name}: ${size(Buffer.byteLength(svg))} as SVG, ${size(png.length)} as PNG`);
}
