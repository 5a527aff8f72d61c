import { crc32, deflateSync } from "node:zlib";

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and opacity of each. */
  readonly data: Uint8Array;
}

const maxColours = 256;
/** So many are never replaced by one that is near: those are the backgrounds. */
const exactColours = 64;

/** With a table of colours, which a picture of text has few of: less than half the size, and nobody sees it. */
export function encodePng({ width, height, data }: Pixels): Buffer {
  const { table, indices } = toTable(data);
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++)
    rows.set(indices.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    toChunk("IHDR", header),
    toChunk("PLTE", Buffer.from(table.flatMap((colour) => colour.slice(0, 3)))),
    toChunk("tRNS", Buffer.from(table.map((colour) => colour[3]))),
    toChunk("IDAT", deflateSync(rows, { level: 9 })),
    toChunk("IEND", Buffer.alloc(0)),
  ]);
}

function toChunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

/** As many colours as fit, those used most first; the others become one that is as near as possible. */
function toTable(data: Uint8Array) {
  const pixels = new Uint32Array(data.buffer, data.byteOffset, data.byteLength / 4);
  const counts = new Map<number, number>();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const used = [...counts.keys()].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0));
  for (let tolerance = 0; ; tolerance += 4) {
    const found = toPlaces(used, tolerance);
    if (found)
      return {
        table: found.table,
        indices: Uint8Array.from(pixels, (pixel) => found.places.get(pixel) ?? 0),
      };
  }
}

/** Undefined when the table does not suffice. */
function toPlaces(used: readonly number[], tolerance: number) {
  const table: Colour[] = [];
  const places = new Map<number, number>();
  for (const pixel of used) {
    const colour = toColour(pixel);
    const isNear = (other: Colour) =>
      other.every((part, index) => Math.abs(part - (colour[index] ?? 0)) <= tolerance);
    const near = table.length < exactColours ? -1 : table.findIndex(isNear);
    if (near < 0 && table.length === maxColours) return undefined;
    places.set(pixel, near < 0 ? table.push(colour) - 1 : near);
  }
  return { table, places };
}

type Colour = readonly [red: number, green: number, blue: number, opacity: number];

/** As they lie in memory, the least significant first. */
const toColour = (pixel: number): Colour => [
  pixel & 255,
  (pixel >> 8) & 255,
  (pixel >> 16) & 255,
  pixel >>> 24,
];
