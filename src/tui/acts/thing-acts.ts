import { nameOfRef } from "../view/lab.ts";
import { markedRows } from "../view/move.ts";
import { newText, pageOf, rootOf, textStateOf } from "../view/view.ts";
import { opensAt, pageLines } from "../widgets/thing-pane.ts";
import type { Desk } from "./desk.ts";
import { askRepositories, open, openText } from "./go-acts.ts";
import { chosenRefs, hostOf, selectedRef } from "./selection.ts";

/** What the cursor is on: a row of the list, or a line of a page that tells of another thing. */
export function openSelected(desk: Desk) {
  const { stage, now } = desk;
  const page = pageOf(now().view);
  if (!page) return describe(desk);
  if (page.kind !== "thing") return;
  const lines = pageLines(page, now(), stage);
  const at = opensAt(lines)[page.cursor];
  const ref = at === undefined ? undefined : lines[at]?.ref;
  if (ref) open(desk, ref);
}

export function describe(desk: Desk) {
  const ref = selectedRef(desk.now(), desk.stage);
  if (ref && !pageOf(desk.now().view)) open(desk, ref);
}

export async function openYaml(desk: Desk): Promise<void> {
  const { texts } = desk;
  const ref = selectedRef(desk.now(), desk.stage);
  if (!ref) return;
  const key = `yaml ${ref.kind} ${ref.id}`;
  const text = await desk.toYaml(ref);
  texts.close(key);
  texts.put(key, text.trimEnd().split("\n"));
  openText(desk, { ...newText(`${ref.kind} ${nameOfRef(ref)}`, key), top: 0 });
}

export function openShell(desk: Desk) {
  const ref = selectedRef(desk.now(), desk.stage);
  const host = ref && hostOf(ref, desk.now());
  const argv = host === undefined ? undefined : desk.source()?.shell(host);
  if (!argv) return desk.say("No host is selected.");
  desk.runShell(argv).catch(desk.complain);
}

/** The text that is read, or the names of what is chosen. */
export function copy({ now, stage, texts, terminal, say }: Desk) {
  const scene = now();
  const text = textStateOf(scene.view);
  const words = text
    ? (texts.buffers.get(text.source)?.lines() ?? []).map((line) => line.text).join("\n")
    : chosenRefs(scene, stage).map(nameOfRef).join("\n");
  if (words === "") return say("There is nothing to copy.");
  terminal.copy(words);
  say(`copied: ${text ? `${words.split("\n").length} lines` : words.replaceAll("\n", ", ")}`);
}

export function togglePause({ now, look, source }: Desk) {
  const paused = !now().view.paused;
  source()?.setPaused(paused);
  look((view) => ({ ...view, paused }));
}

export function refresh(desk: Desk) {
  const source = desk.source();
  if (!source) return desk.say("No host can be asked yet: the inventory is still being read.");
  const hosts = [...new Set(chosenHosts(desk))];
  source.refresh(hosts);
  if (desk.now().view.screen === "backups") {
    askRepositories(desk, 0);
    return desk.say("asking the hosts anew, and the repositories: that may take a while");
  }
  desk.say(`asking ${hosts.length === 1 ? hosts[0] : `${hosts.length} hosts`} anew`);
}

/** Of what is marked or open, else all: who asks for fresh values wants them everywhere. */
function chosenHosts({ now, stage }: Desk): readonly string[] {
  const { view, lab } = now();
  const isChosen =
    pageOf(view)?.kind === "thing" ||
    (view.opened.length === 0 && markedRows(stage.shelf(now()), rootOf(view).list).length > 0);
  if (isChosen) return chosenRefs(now(), stage).flatMap((ref) => hostOf(ref, now()) ?? []);
  return [...lab.hosts.keys()];
}
