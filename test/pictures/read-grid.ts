import headless, { type IBufferCell } from "@xterm/headless";
import type { HexColour } from "../../src/tui/theme/tokens.ts";

/** The terminal's own (undefined), one of its 256, or exactly this one. */
export type CellColour = number | HexColour | undefined;

export interface CellStyle {
  readonly color: CellColour;
  readonly background: CellColour;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
}

export interface Cell {
  readonly text: string;
  /** 2 for a wide character; nothing follows in the next column then. */
  readonly columns: number;
  readonly style: CellStyle;
}

/** What a terminal shows, row by row. */
export interface Grid {
  readonly columns: number;
  readonly rows: readonly (readonly Cell[])[];
}

/** Lines may end with a bare line feed. */
export async function readGrid(ansi: string, columns: number, rows: number): Promise<Grid> {
  const terminal = new headless.Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true });
  await new Promise<void>((done) => terminal.write(ansi, done));
  const { active } = terminal.buffer;
  const grid = Array.from({ length: rows }, (_, row) => {
    const line = active.getLine(active.viewportY + row);
    const cells = Array.from({ length: columns }, (__, column) => line?.getCell(column));
    return cells.flatMap((cell) => (cell && cell.getWidth() > 0 ? [toCell(cell)] : []));
  });
  terminal.dispose();
  return { columns, rows: grid };
}

function toCell(cell: IBufferCell): Cell {
  const foreground = toColour(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor());
  const background = toColour(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor());
  return {
    text: cell.getChars() || " ",
    columns: cell.getWidth(),
    style: {
      color: foreground,
      background,
      bold: cell.isBold() !== 0,
      dim: cell.isDim() !== 0,
      italic: cell.isItalic() !== 0,
      underline: cell.isUnderline() !== 0,
      inverse: cell.isInverse() !== 0,
    },
  };
}

function toColour(isDefault: boolean, isExact: boolean, value: number): CellColour {
  if (isDefault) return undefined;
  return isExact ? `#${value.toString(16).padStart(6, "0")}` : value;
}
