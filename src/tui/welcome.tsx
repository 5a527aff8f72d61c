import { Box, Text } from "ink";
import { useSyncExternalStore } from "react";
import { createStore, type Store } from "../model/store.ts";
import type { ActionId } from "./input/actions.ts";
import { createKeyStack } from "./input/key-stack.ts";
import { createKeymap } from "./input/keymap.ts";
import { renderOn } from "./terminal/render-on.tsx";
import { openTerminal, type TerminalOptions } from "./terminal/terminal.ts";
import type { Look } from "./theme/look.ts";

export type Beginning = "machine" | "demo" | "leave";

const choices: readonly { readonly means: Beginning; readonly title: string }[] = [
  { means: "machine", title: "Look at this machine" },
  { means: "demo", title: "Look at a simulated homelab: eight hosts, and something happens" },
  { means: "leave", title: "Leave, and write an inventory" },
];

interface WelcomeOptions extends TerminalOptions {
  readonly look: Look;
  /** Where an inventory is looked for. */
  readonly inventoryPath: string;
  readonly signal: AbortSignal;
}

/** What to show to somebody who has no inventory. */
export async function welcome(options: WelcomeOptions): Promise<Beginning> {
  const terminal = openTerminal(options);
  const cursor = createStore(0);
  let chosen: Beginning = "leave";
  const keymap = createKeymap({});
  const keys = createKeyStack(keymap);
  const size = createStore(terminal.size());
  const app = renderOn(terminal, <Welcome {...options} cursor={cursor} size={size} />);
  const leave = () => app.unmount();
  const act = (action: ActionId): boolean => {
    const by = action === "move.down" || action === "dialog.next" ? 1 : action === "move.up" ? -1 : 0;
    if (by !== 0) cursor.update((at) => Math.min(Math.max(at + by, 0), choices.length - 1));
    if (action === "terminal.stop") terminal.stop();
    if (action === "terminal.redraw") terminal.redraw();
    if (action === "dialog.accept") chosen = choices[cursor.get()]?.means ?? "leave";
    if (action === "dialog.accept" || action === "dialog.cancel" || action === "scrap.leave") leave();
    return true;
  };
  keys.push({ scopes: ["dialog"], act });
  const stops = [terminal.onInput(keys.press), terminal.onResize(() => size.update(() => terminal.size()))];
  options.signal.addEventListener("abort", leave, { once: true });
  if (options.signal.aborted) leave();
  try {
    await app.waitUntilExit();
  } finally {
    options.signal.removeEventListener("abort", leave);
    for (const stop of stops) stop();
    terminal.close();
  }
  return chosen;
}

interface WelcomeProps extends WelcomeOptions {
  readonly cursor: Store<number>;
  readonly size: Store<{ readonly columns: number; readonly rows: number }>;
}

function Welcome({ look: { paint, signs }, inventoryPath, cursor, size }: WelcomeProps) {
  const at = useSyncExternalStore(cursor.subscribe, cursor.get);
  const { columns, rows } = useSyncExternalStore(size.subscribe, size.get);
  const lines = [
    paint("title", "SCRAP"),
    "",
    "There is no inventory yet: nobody has said which machines to look after.",
    "",
    ...choices.map(({ title }, index) =>
      index === at ? `${paint("focus", signs.pointer)} ${paint("selected", title)}` : `  ${title}`,
    ),
    "",
    paint("title", "How to begin"),
    `Write the names of your machines, as ssh knows them, into`,
    `  ${inventoryPath}`,
    "",
    ...["version: 1", "hosts:", "  nas: {}", "  pi: { user: admin }"].map(
      (text) => `  ${paint("accent", text)}`,
    ),
    "",
    `${paint("key", "scrap doctor")}  tells how each is reached, and what it lacks`,
    `${paint("key", "scrap")}         opens them here`,
    "",
    paint("muted", "enter choose  j k move  q leave"),
  ];
  return (
    <Box width={columns} height={rows} flexDirection="column" paddingLeft={2} paddingTop={1}>
      {lines.slice(0, rows - 1).map((text, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is known by its row.
        <Text key={row} wrap="truncate">
          {text === "" ? " " : text}
        </Text>
      ))}
    </Box>
  );
}
