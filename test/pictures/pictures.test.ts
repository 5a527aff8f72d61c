import { inflateSync } from "node:zlib";
import { expect, it } from "vitest";
import { encodePng } from "./encode-png.ts";
import { type Grid, readGrid } from "./read-grid.ts";
import { darkTerminal } from "./terminal-colours.ts";
import { drawThemes } from "./theme-sheet.ts";
import { toPng } from "./to-png.ts";
import { toSvg } from "./to-svg.ts";

const picture = async (ansi: string, columns = 12, rows = 1) =>
  toSvg(await readGrid(ansi, columns, rows), darkTerminal);

it("reads what a terminal shows", async () => {
  const { rows } = await readGrid("a\u001b[1;31mb\u001b[0m\n日\u001b[38;2;1;2;3;7mx", 4, 2);
  expect(rows.map((row) => row.map(({ text }) => text).join(""))).toEqual(["ab  ", "日x "]);
  expect(rows[0]?.[1]?.style).toMatchObject({ color: 1, bold: true, inverse: false });
  expect(rows[1]?.[0]?.columns).toBe(2);
  expect(rows[1]?.[1]?.style).toMatchObject({ color: "#010203", inverse: true });
});

it("puts each piece of text where its column is", async () => {
  const svg = await picture("ab <c>  日d");
  expect(
    [...svg.matchAll(/x="(\d+)" y="25" textLength="(\d+)">([^<]*)</g)].map(([, ...found]) => found),
  ).toEqual([
    ["12", "48", "ab &#60;c&#62;"],
    ["76", "16", "日"],
    ["92", "8", "d"],
  ]);
});

it("takes the colours of the terminal, and swaps them where they are inverse", async () => {
  const svg = await picture(
    "\u001b[32mok\u001b[39m \u001b[7mrow\u001b[27m \u001b[38;5;196mx \u001b[38;5;232my",
  );
  expect(svg).toMatch(/\.f\d\{fill:#7fc772\}/);
  expect(svg).toContain('class="b0" d="M36 12h24v17h-24z"');
  expect(svg).toContain(`.b0{fill:${darkTerminal.foreground}}`);
  expect(svg).toMatch(new RegExp(`\\.f\\d\\{fill:${darkTerminal.background}\\}`));
  expect(svg).toContain("fill:#ff0000");
  expect(svg).toContain("fill:#080808");
});

it("draws what has to meet its neighbours, in one go", async () => {
  const svg = await picture("────│██▄╭╮⣿ ");
  expect(svg).not.toContain("<text");
  expect(svg).toContain("M12 20h32v1h-32z");
  expect(svg).toContain("M52 12h16v17h-16z");
  expect(svg).toContain("stroke-dasharray");
  expect(svg).toContain("M94 14.13v12.85M98 14.13v12.85");
});

it("makes a PNG that shows text, in exact colours", async () => {
  const [empty, full] = await Promise.all([picture("", 20, 2), picture("Wait for it ✖ ⣿", 20, 2)]);
  const [one, other] = [await toPng(empty, 2), await toPng(full, 2)];
  expect(other.subarray(0, 8).toString("latin1")).toBe("\u0089PNG\r\n\u001a\n");
  expect([other.readUInt32BE(16), other.readUInt32BE(20)]).toEqual([2 * (20 * 8 + 24), 2 * (2 * 17 + 24)]);
  expect(other.length).toBeGreaterThan(one.length * 1.5);
});

function decode(png: Buffer, width: number): readonly (readonly number[])[] {
  const chunk = (name: string) => {
    const at = png.indexOf(name);
    return png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4));
  };
  const table = chunk("PLTE");
  const places = inflateSync(chunk("IDAT")).filter((_, at) => at % (width + 1) !== 0);
  return Array.from(places, (place) => [...table.subarray(place * 3, place * 3 + 3)]);
}

it("keeps colours exactly where they fit into the table", () => {
  const data = Uint8Array.of(1, 2, 3, 255, 250, 0, 9, 255, 1, 2, 3, 255, 0, 0, 0, 0);
  const png = encodePng({ width: 2, height: 2, data });
  expect(decode(png, 2)).toEqual([
    [1, 2, 3],
    [250, 0, 9],
    [1, 2, 3],
    [0, 0, 0],
  ]);
});

it("keeps them nearly where they do not", () => {
  const colours = Array.from({ length: 4096 }, (_, at) => [at & 255, (at >> 4) & 255, 77]);
  const data = Uint8Array.from(colours.flatMap((colour) => [...colour, 255]));
  const shown = decode(encodePng({ width: 64, height: 64, data }), 64);
  const errors = shown.flatMap((colour, at) =>
    colour.map((part, index) => Math.abs(part - (colours[at]?.[index] ?? 0))),
  );
  expect(errors).toHaveLength(4096 * 3);
  expect(Math.max(...errors)).toBeLessThanOrEqual(16);
});

it("shows all themes in little room", async () => {
  const grid: Grid = await drawThemes();
  expect(new Set(grid.rows.map((row) => row.reduce((sum, { columns }) => sum + columns, 0)))).toEqual(
    new Set([grid.columns]),
  );
  expect(toSvg(grid, darkTerminal).length).toBeLessThan(100_000);
});
