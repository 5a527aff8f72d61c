import { createHash } from "node:crypto";

/** Identifiers as tools make them, the same for the same seed each time. */
export const hexOf = (seed: string, length: number): string => {
  let hex = "";
  for (let block = 0; hex.length < length; block++)
    hex += createHash("sha256").update(`${seed} ${block}`).digest("hex");
  return hex.slice(0, length);
};

export function uuidOf(seed: string): string {
  const hex = hexOf(seed, 32);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** As ZFS numbers its devices: 64 bits. */
export const guidOf = (seed: string): string => BigInt(`0x${hexOf(seed, 16)}`).toString();

/** From 0 to 1. */
export const fractionOf = (seed: string): number => Number.parseInt(hexOf(seed, 8), 16) / 2 ** 32;

/** Goes up and down around 1, slowly, each seed in its own way: what a load or a temperature does on a quiet day. */
export function waver(seed: string, atMs: number, by: number): number {
  const phase = fractionOf(seed) * 2 * Math.PI;
  const seconds = atMs / 1000;
  return 1 + by * (0.6 * Math.sin(seconds / 37 + phase) + 0.4 * Math.sin(seconds / 11 + 3 * phase));
}
