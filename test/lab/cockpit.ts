import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { quote } from "../../src/command/command.ts";
import { unicodeSigns as signs } from "../../src/tui/theme/signs.ts";
import { openPane } from "../tui/cockpit/in-tmux.ts";
import { inventoryFor } from "./scrap.ts";

/** Small as over a bad line, and large as at a desk. */
export const sizes = [
  [80, 24],
  [200, 60],
] as const;

type Lines = readonly string[];

/** The cockpit on the lab's hosts in a real terminal, as long as the test runs. */
export interface LabCockpit {
  readonly resize: (columns: number, rows: number) => void;
  readonly press: (key: string) => void;
  /** Resolves with whether it came to that. */
  readonly comesTo: (isThere: (lines: Lines) => boolean, seconds: number) => Promise<boolean>;
  /** What it says now; printed as well with SCRAP_LAB_SHOW=1, for whoever wants to look at it. */
  readonly look: () => string;
  /** As a lost line does: the terminal is gone. */
  readonly leave: () => void;
}

/** `state`: where it keeps its journals, if not for this terminal alone. */
export function openLabCockpit(inventory = inventoryFor("ops"), state?: string): LabCockpit {
  const pane = openPane();
  const program = fileURLToPath(new URL("../../bin/scrap", import.meta.url));
  const words = [program, "--inventory", inventory].map(quote);
  const keptIn = state === undefined ? "" : `XDG_STATE_HOME=${quote(state)} `;
  pane.send(`${keptIn}SCRAP_NODE=${quote(process.execPath)} ${words.join(" ")}`, "Enter");
  const lines = () => pane.screen().split("\n");
  return {
    resize: pane.resize,
    press: (key) => pane.send(key),
    comesTo: async (isThere, seconds) => {
      const end = Date.now() + seconds * 1000;
      while (!isThere(lines()) && Date.now() < end) await sleep(250);
      return isThere(lines());
    },
    look: () => {
      const screen = pane.screen();
      if (process.env["SCRAP_LAB_SHOW"]) console.log(screen);
      return screen;
    },
    leave: pane.kill,
  };
}

const bad = [signs.failed, signs.warning, signs.unknown];

/** The host's row has a sign that something is wrong. */
export const marks = (host: string) => (lines: Lines) =>
  lines.some(
    (line) => new RegExp(`^.{0,2}${host} `).test(line) && bad.some((sign) => line.includes(`${sign} `)),
  );

/** Behind a sign that something is wrong, in words. */
export const says = (message: RegExp) => (lines: Lines) =>
  lines.some((line) => bad.some((sign) => message.test(line.split(`${sign} `).slice(1).join(" "))));

/** All is well, and nothing says otherwise. */
export const isCalm = (lines: Lines): boolean =>
  (lines[0]?.includes("all well") ?? false) &&
  !lines.some((line) => line.includes(signs.failed) || line.includes(signs.warning));
