import { type Line, line, sign, span } from "../line.ts";
import { fit } from "../text/fit.ts";
import { pad } from "../text/pad.ts";
import { width as widthOf } from "../text/width.ts";
import { wrap } from "../text/wrap.ts";
import type { Look } from "../theme/look.ts";
import type { Token } from "../theme/tokens.ts";
import { type Scene, type Stage, sceneLayout } from "../view/scene.ts";
import type { TextBuffer, TextLine } from "../view/texts.ts";
import { commandLog, type TextState } from "../view/view.ts";
import { drawLine } from "./table.ts";

/** A log or another text: its title with how it stands, then as many lines as fit. */
export function drawText(
  state: TextState,
  { look }: Scene,
  stage: Stage,
  width: number,
  height: number,
): readonly string[] {
  const buffer = stage.texts.get(state.source);
  if (!buffer) return [`  ${look.paint("muted", "nothing here yet")}`];
  const room = Math.max(1, height - 1);
  const isSilent = buffer.lines().length === 0 && buffer.status().is !== "failed";
  const words = buffer.status().is === "ended" ? "not a line was said" : "no line so far";
  if (isSilent) return [drawTitle(state, buffer, look, width), "", `  ${look.paint("muted", words)}`];
  const body = visibleLines(state, buffer, look, width - 2, room);
  return [drawTitle(state, buffer, look, width), ...body.map((text) => ` ${text}`)];
}

function drawTitle(state: TextState, buffer: TextBuffer, look: Look, width: number): string {
  const status = buffer.status();
  const total = buffer.lines().length;
  const words: readonly Line[] = [
    line(span(fit(state.title, Math.max(10, width - 40), look.signs.ellipsis), "strong")),
    status.is === "loading" ? line(span("loading", "muted")) : [],
    status.is === "following" && state.top === undefined ? line(span("following", "ok")) : [],
    state.top === undefined ? [] : line(span(`line ${state.top + 1} of ${total}`, "muted")),
    buffer.gone() > 0 ? line(span(`${buffer.gone()} older lines are gone`, "muted")) : [],
    state.search === "" ? [] : line(span(`/${state.search}`, "match")),
    // Last: it may be long.
    status.is === "failed" ? line(sign("failed"), span(` ${status.why}`, "failed")) : [],
  ];
  const gaps = words.filter((word) => word.length > 0).flatMap((word) => [...line("  "), ...word]);
  return drawLine(gaps, width, look).text;
}

/** So many lines are seen at once, of those from that one on, or up to it: wrapped ones need more room. */
export function countSeen(state: TextState, scene: Scene, stage: Stage, from: number, step: 1 | -1): number {
  const lines = stage.texts.get(state.source)?.lines() ?? [];
  const { columns, rows } = sceneLayout(scene).body;
  const draw = drawerOf(state, lines, scene.look, columns - 2);
  let room = rows - 1;
  let count = 0;
  for (let at = from; ; at += step) {
    const line = lines[at];
    room -= line ? draw(line).length : room + 1;
    if (room < 0) return count;
    count += 1;
  }
}

/** The last commands that were sent, with a title where there is room for one. */
export function drawTail(stage: Stage, { look }: Scene, width: number, height: number): readonly string[] {
  const buffer = stage.texts.get(commandLog.source);
  if (!buffer) return [];
  const title = height > 8 ? [` ${look.paint("title", "COMMANDS THAT WERE SENT")}`, ""] : [];
  const lines = visibleLines(commandLog, buffer, look, width - 2, height - title.length);
  return [...title, ...lines.map((text) => ` ${text}`)];
}

function drawerOf(state: TextState, lines: readonly TextLine[], look: Look, width: number) {
  const sources = [...new Set(lines.slice(0, 500).flatMap(({ source }) => source ?? []))];
  return (line: TextLine) => drawTextLine(line, state, sources, look, width);
}

function visibleLines(
  state: TextState,
  buffer: TextBuffer,
  look: Look,
  width: number,
  room: number,
): readonly string[] {
  const lines = buffer.lines();
  const draw = drawerOf(state, lines, look, width);
  if (state.top !== undefined) {
    const drawn: string[] = [];
    for (let at = state.top; at < lines.length && drawn.length < room; at++) {
      const line = lines[at];
      if (line) drawn.push(...draw(line));
    }
    return drawn.slice(0, room);
  }
  let drawn: string[] = [];
  for (let at = lines.length - 1; at >= 0 && drawn.length < room; at--) {
    const line = lines[at];
    if (line) drawn = [...draw(line), ...drawn];
  }
  return drawn.slice(-room);
}

/** A line as it is read: without its time unless that is wanted, its source in a colour of its own. */
function drawTextLine(
  line: TextLine,
  { wrap: wraps, times, search }: TextState,
  sources: readonly string[],
  look: Look,
  width: number,
): readonly string[] {
  const text = times ? withShortTime(line.text, new Date()) : withoutTime(line.text);
  const named = sources.length > 1 && line.source !== undefined;
  const most = Math.min(Math.floor(width / 3), Math.max(0, ...sources.map(widthOf)));
  const prefix = named ? `${pad(line.source ?? "", most, "left", look.signs.ellipsis)} ` : "";
  const token = sourceTokens[sources.indexOf(line.source ?? "") % sourceTokens.length] ?? "muted";
  const room = Math.max(10, width - widthOf(prefix));
  const pieces = wraps ? wrap(text, room) : [fit(text, room, look.signs.ellipsis)];
  return pieces.map((piece, index) => {
    const words = highlight(piece, search, look, line.isError ? "warning" : undefined);
    if (!named) return words;
    return index === 0 ? `${look.paint(token, prefix)}${words}` : `${" ".repeat(widthOf(prefix))}${words}`;
  });
}

const sourceTokens: readonly Token[] = ["source1", "source2", "source3", "source4", "source5", "source6"];

/** As journalctl and the engines begin their lines; Compose has the name of a service before it. */
const timestamp = /^((?:\S+\s+\| )?)(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?)\s+/;

/** `12:16:29` of today, `11-20 12:16:29` of another day, by our own clock. */
export function withShortTime(text: string, now: Date): string {
  return text.replace(timestamp, (found, before: string, time: string) => {
    const at = new Date(time.replace(",", "."));
    if (Number.isNaN(at.getTime())) return found;
    const two = (number: number) => `${number}`.padStart(2, "0");
    const isToday = at.toDateString() === now.toDateString();
    const day = isToday ? "" : `${two(at.getMonth() + 1)}-${two(at.getDate())} `;
    return `${before}${day}${at.toTimeString().slice(0, 8)} `;
  });
}

export const withoutTime = (text: string): string => text.replace(timestamp, "$1");

export const isMatch = (text: string, search: string): boolean =>
  search !== "" && text.toLowerCase().includes(search.toLowerCase());

function highlight(text: string, search: string, look: Look, token: Token | undefined): string {
  const paint = (piece: string) => (token === undefined || piece === "" ? piece : look.paint(token, piece));
  if (!isMatch(text, search)) return paint(text);
  const at = text.toLowerCase().indexOf(search.toLowerCase());
  const end = at + search.length;
  return `${paint(text.slice(0, at))}${look.paint("match", text.slice(at, end))}${highlight(text.slice(end), search, look, token)}`;
}
