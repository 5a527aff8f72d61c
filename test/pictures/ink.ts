import { type Place, round } from "./shapes.ts";

/** Collects what is drawn, so that all that looks alike is one element with one class. */
export interface Ink {
  readonly fill: (look: string, box: Place) => void;
  readonly stroke: (look: string, path: string) => void;
  /** The class of a look. */
  readonly nameOf: (look: string) => string;
  readonly draw: () => readonly string[];
  readonly css: () => string;
}

/** `prefix` begins the names of its classes. */
export function createInk(prefix: string): Ink {
  const names = new Map<string, string>();
  const boxes = new Map<string, Place[]>();
  const strokes = new Map<string, string>();
  const nameOf = (look: string) => {
    const name = names.get(look) ?? `${prefix}${names.size}`;
    names.set(look, name);
    return name;
  };
  const drawPath = (look: string, path: string) => `<path class="${nameOf(look)}" d="${path}"/>`;
  return {
    fill: (look, box) => {
      const all = boxes.get(look) ?? [];
      boxes.set(look, all);
      const last = all.at(-1);
      if (last && last.y === box.y && last.height === box.height && last.x + last.width === box.x) {
        all[all.length - 1] = { ...last, width: last.width + box.width };
      } else all.push(box);
    },
    stroke: (look, path) => strokes.set(look, (strokes.get(look) ?? "") + path),
    nameOf,
    draw: () => [
      ...[...boxes].map(([look, all]) => drawPath(look, all.map(toPath).join(""))),
      ...[...strokes].map(([look, path]) => drawPath(look, path)),
    ],
    css: () => [...names].map(([look, name]) => `.${name}{${look}}`).join(""),
  };
}

const toPath = ({ x, y, width, height }: Place) =>
  `M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${round(-width)}z`;
