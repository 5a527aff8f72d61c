import type { ScreenId } from "../screens/screens.ts";
import type { Ref } from "../view/lab.ts";
import {
  commandLog,
  newList,
  type Page,
  pageOf,
  rootOf,
  type TextState,
  textStateOf,
  withList,
} from "../view/view.ts";
import { recentOf } from "../widgets/thing-pane.ts";
import type { Desk } from "./desk.ts";
import { toggleProblems } from "./problem-acts.ts";

export function open({ look, texts, now }: Desk, ref: Ref) {
  look((view) => ({ ...view, opened: [...view.opened, { kind: "thing", ref, cursor: 0, top: 0 }] }));
  if (ref.kind === "operation") texts.readOutput(recentOf(ref), ref.id);
  else if (ref.kind !== "host") texts.readLogs(recentOf(ref), [ref], now(), { follow: false, lines: 8 });
}

export const openText = ({ look }: Desk, text: TextState): void =>
  look((view) => ({ ...view, opened: [...view.opened, { kind: "text", text }] }));

/** On top of whatever is looked at. */
export function openCommands(desk: Desk): void {
  if (textStateOf(desk.now().view)?.source !== commandLog.source) openText(desk, commandLog);
}

function textOf(page: Page): string {
  if (page.kind === "thing") return recentOf(page.ref);
  return page.kind === "text" ? page.text.source : page.key;
}

/** What was opened last goes first, then what narrows the list, then the screen. `key` is the one that was pressed. */
export function back(desk: Desk, key: string) {
  const { look, say, texts, menus } = desk;
  const { view } = desk.now();
  const page = pageOf(view);
  if (page) {
    const below = view.opened.slice(0, -1);
    // The same thing may be open further down, and shows the same text.
    if (!below.some((other) => textOf(other) === textOf(page))) texts.close(textOf(page));
    return look((before) => ({ ...before, opened: below }));
  }
  const { list } = rootOf(view);
  if (list.filter !== "") return look((before) => withList(before, { ...list, filter: "" }));
  if (list.marked.size > 0) return look((before) => withList(before, { ...list, marked: newList.marked }));
  if (view.onlyProblems) return toggleProblems(desk);
  if (view.screen !== "fleet") return goTo(desk, "fleet");
  // On a slow line it may be the first part of an arrow.
  if (key === "esc")
    return say(`${menus.keymap.keysOf("go.back").find((other) => other !== "esc") ?? "ctrl+c"} leaves`);
  desk.leave();
}

/** What a repository told that long ago is asked again by itself. */
const staleMs = 3_600_000;

export function goTo(desk: Desk, screen: ScreenId, tab?: number) {
  const { look, texts, now } = desk;
  if (screen === "backups" && !now().view.paused) askRepositories(desk, staleMs);
  for (const page of now().view.opened) texts.close(textOf(page));
  look((view) => {
    const there = { ...view, screen, opened: [] };
    return tab === undefined
      ? there
      : { ...there, roots: { ...there.roots, [screen]: { tab, list: newList } } };
  });
}

/** In the background. `olderThanMs` 0: because the person wants it. */
export function askRepositories({ source, say, complain }: Desk, olderThanMs: number): void {
  const isWanted = olderThanMs === 0;
  source()
    ?.changing.askRepositories(olderThanMs, !isWanted)
    .then((count) => {
      if (isWanted && count > 0)
        say(`the repositories of ${count === 1 ? "1 service" : `${count} services`} were asked`);
    })
    .catch((error) => isWanted && complain(error));
}
