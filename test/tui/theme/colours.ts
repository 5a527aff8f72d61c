import type { HexColour } from "../../../src/tui/theme/tokens.ts";

/** Each from 0 to 1, as light, not as it is written. */
export type Light = readonly [red: number, green: number, blue: number];

export function toLight(colour: HexColour): Light {
  const part = (at: number) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [part(1), part(3), part(5)];
}

/** From 1 to 21: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function contrast(one: HexColour, other: HexColour): number {
  const [dark = 0, bright = 0] = [one, other]
    .map((colour) => brightness(toLight(colour)))
    .sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}

const brightness = ([red, green, blue]: Light) => 0.2126 * red + 0.7152 * green + 0.0722 * blue;

// Machado, Oliveira and Fernandes 2009, at full severity.
const eyes = {
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
} as const;

export const eyeKinds = Object.keys(eyes) as readonly (keyof typeof eyes)[];

/** What such an eye sees. */
export function seenBy(kind: keyof typeof eyes, light: Light): Light {
  const [red, green, blue] = eyes[kind].map((row) => {
    const value = row[0] * light[0] + row[1] * light[1] + row[2] * light[2];
    return Math.min(1, Math.max(0, value));
  });
  return [red ?? 0, green ?? 0, blue ?? 0];
}

/** How different two colours look: 2 is just seen, 100 is black and white (CIE76). */
export function difference(one: Light, other: Light): number {
  const [a, b] = [toLab(one), toLab(other)];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

function toLab([red, green, blue]: Light): Light {
  const curve = (value: number) => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116);
  const x = curve((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505);
  const y = curve(brightness([red, green, blue]));
  const z = curve((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
