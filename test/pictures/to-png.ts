import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { encodePng } from "./encode-png.ts";

const { resolve } = createRequire(import.meta.url);
const faces = ["", "-Bold", "-Oblique", "-BoldOblique"];
let ready: Promise<void> | undefined;

/** With the fonts that come along, so that it is the same picture everywhere. */
export async function toPng(svg: string, zoom: number): Promise<Buffer> {
  ready ??= initWasm(readFileSync(resolve("@resvg/resvg-wasm/index_bg.wasm")));
  await ready;
  const fontBuffers = faces.map((face) =>
    readFileSync(resolve(`dejavu-fonts-ttf/ttf/DejaVuSansMono${face}.ttf`)),
  );
  const image = new Resvg(svg, { font: { fontBuffers }, fitTo: { mode: "zoom", value: zoom } });
  const { width, height, pixels } = image.render();
  return encodePng({ width, height, data: pixels });
}
