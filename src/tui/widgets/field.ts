import type { TextField } from "../input/text-field.ts";
import { width as widthOf } from "../text/width.ts";
import type { Look } from "../theme/look.ts";

/** A line that is being typed, with its cursor in sight. */
export function drawField(
  { text, cursor }: TextField,
  room: number,
  look: Look,
): { readonly text: string; readonly width: number } {
  const before = lastThatFit(text.slice(0, cursor), room - 2);
  const [under = " "] = text.slice(cursor);
  const caret = look.colorLevel === 0 ? "_" : look.paint("selected", under);
  const rest = look.colorLevel === 0 ? text.slice(cursor) : text.slice(cursor + under.length);
  const after = firstThatFit(rest, room - widthOf(before) - 2);
  return { text: `${before}${caret}${after}`, width: widthOf(before) + 1 + widthOf(after) };
}

function lastThatFit(text: string, room: number): string {
  const characters = [...text];
  while (widthOf(characters.join("")) > room) characters.shift();
  return characters.join("");
}

function firstThatFit(text: string, room: number): string {
  const characters = [...text];
  while (characters.length > 0 && widthOf(characters.join("")) > room) characters.pop();
  return characters.join("");
}
