import { screenNamed } from "../screens/screens.ts";
import type { LogRequest } from "../source.ts";
import { nameOfRef, type Ref, titleOfRef } from "../view/lab.ts";
import { hasLog } from "../view/menus.ts";
import { newText, type TextState, textStateOf, withTextState } from "../view/view.ts";
import type { Desk } from "./desk.ts";
import { openText } from "./go-acts.ts";
import { chosenRefs } from "./selection.ts";

/** How far back a log reaches; without `ms` it is the last lines, however old. */
const spans: readonly { readonly title: string; readonly ms?: number }[] = [
  { title: "" },
  { title: ", last 10 min", ms: 600_000 },
  { title: ", last hour", ms: 3_600_000 },
  { title: ", last day", ms: 86_400_000 },
];

export function openLogs(desk: Desk) {
  const refs = chosenRefs(desk.now(), desk.stage);
  if (refs.length === 0) return desk.say("Nothing is selected.");
  const [first] = refs;
  if (first?.kind === "operation") return openOutput(desk, first);
  if (!refs.some(hasLog)) return desk.say(`A ${refs[0]?.kind} has no log: its services and units have.`);
  openText(desk, read(desk, refs, 0));
}

/** All that its steps said. */
function openOutput(desk: Desk, ref: Ref) {
  const source = `output ${ref.id}`;
  desk.texts.readOutput(source, ref.id);
  openText(desk, newText(`output of ${titleOfRef(ref, desk.now().lab)}`, source));
}

/** Reads the log that is open from further back, and in the end the last lines again. */
export function since(desk: Desk) {
  const log = textStateOf(desk.now().view)?.log;
  if (!log) return desk.say("Only a log has a since.");
  const text = read(desk, log.refs, (log.span + 1) % spans.length);
  desk.look((view) => withTextState(view, text));
}

function read({ texts, now }: Desk, refs: readonly Ref[], span: number): TextState {
  const { title = "", ms } = spans[span] ?? {};
  const source = `log ${refs.map(({ id }) => id).join(" ")}`;
  const request: LogRequest =
    ms === undefined ? { follow: true, lines: 500 } : { follow: true, lines: 5000, sinceMs: ms };
  texts.readLogs(source, refs, now(), request);
  return { ...newText(`log of ${refs.map(nameOfRef).join(", ")}${title}`, source), log: { refs, span } };
}

/** The most that a name of a file may have on the usual file systems, and something before it. */
const longestName = 200;

/** What the text on the screen may be called as a file. */
export function nameForFile({ now }: Desk): string {
  const { view } = now();
  const title = textStateOf(view)?.title ?? screenNamed(view.screen).title;
  return `${title.replaceAll(/[^\w.-]+/g, "-").slice(0, longestName)}.log`;
}
