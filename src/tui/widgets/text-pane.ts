import { clean } from "../text/clean.ts";
import { fit } from "../text/fit.ts";
import { width as widthOf } from "../text/width.ts";
import { wrap } from "../text/wrap.ts";
import type { Look } from "../theme/look.ts";
import type { Token } from "../theme/tokens.ts";
import type { Scene, Stage } from "../view/scene.ts";
import type { TextBuffer, TextLine } from "../view/texts.ts";
import type { TextState } from "../view/view.ts";

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
  const body = visibleLines(state, buffer, look, width - 2, room);
  return [drawTitle(state, buffer, look, width), ...body.map((text) => ` ${text}`)];
}

function drawTitle(state: TextState, buffer: TextBuffer, look: Look, width: number): string {
  const status = buffer.status();
  const total = buffer.lines().length;
  const words = [
    status.is === "failed" ? look.paint("failed", `${look.signs.failed} ${clean(status.why)}`) : "",
    status.is === "loading" ? look.paint("muted", "loading") : "",
    status.is === "following" && state.top === undefined ? look.paint("ok", "following") : "",
    state.top === undefined ? "" : look.paint("muted", `line ${state.top + 1} of ${total}`),
    buffer.gone() > 0 ? look.paint("muted", `${buffer.gone()} older lines are gone`) : "",
    state.search === "" ? "" : look.paint("match", `/${state.search}`),
  ].filter((word) => word !== "");
  return `  ${look.paint("strong", fit(state.title, Math.max(10, width - 40), look.signs.ellipsis))}  ${words.join("  ")}`;
}

function visibleLines(
  state: TextState,
  buffer: TextBuffer,
  look: Look,
  width: number,
  room: number,
): readonly string[] {
  const lines = buffer.lines();
  const sources = [...new Set(lines.slice(0, 500).flatMap(({ source }) => source ?? []))];
  const draw = (line: TextLine) => drawTextLine(line, state, sources, look, width);
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
  const text = times ? line.text : withoutTime(line.text);
  const named = sources.length > 1 && line.source !== undefined;
  const prefix = named ? `${fit(line.source ?? "", Math.floor(width / 3), look.signs.ellipsis)} ` : "";
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

/** As journalctl and the engines begin their lines. */
const timestamp = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\s+/;

export const withoutTime = (text: string): string => text.replace(timestamp, "");

export const isMatch = (text: string, search: string): boolean =>
  search !== "" && text.toLowerCase().includes(search.toLowerCase());

function highlight(text: string, search: string, look: Look, token: Token | undefined): string {
  const paint = (piece: string) => (token === undefined || piece === "" ? piece : look.paint(token, piece));
  if (!isMatch(text, search)) return paint(text);
  const at = text.toLowerCase().indexOf(search.toLowerCase());
  const end = at + search.length;
  return `${paint(text.slice(0, at))}${look.paint("match", text.slice(at, end))}${highlight(text.slice(end), search, look, token)}`;
}
