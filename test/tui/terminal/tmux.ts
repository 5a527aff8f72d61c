import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { folderWith } from "../../inventory/files.ts";
import { pause } from "./fake-terminal.ts";

/** Why there can be no real terminal here, if so. */
export const missingTmux =
  spawnSync("tmux", ["-V"]).status === 0 ? undefined : "a real terminal needs tmux, which is not installed";

export interface Tmux {
  readonly send: (...keys: readonly string[]) => void;
  readonly resize: (columns: number, rows: number) => void;
  readonly screen: () => string;
  /** Waits until the screen is so, and returns it. */
  readonly see: (wanted: RegExp) => Promise<string>;
  /** What tmux knows about the terminal, such as `alternate_on`. */
  readonly state: (variable: string) => string;
  readonly kill: () => void;
}

/** A shell in a terminal of its own. */
export function openTmux(columns = 80, rows = 24): Tmux {
  const socket = join(folderWith({}), "tmux");
  const tmux = (...words: readonly string[]) =>
    execFileSync("tmux", ["-S", socket, "-f", "/dev/null", ...words], { encoding: "utf8", timeout: 10_000 });
  const size = ["-x", `${columns}`, "-y", `${rows}`];
  // An interactive shell has jobs, which ctrl-z needs.
  tmux("new-session", "-d", ...size, "env PS1='shell> ' HISTFILE= bash --norc --noprofile -i");
  const screen = () => tmux("capture-pane", "-pJ").trimEnd();
  return {
    send: (...keys) => {
      tmux("send-keys", ...keys);
    },
    resize: (width, height) => {
      tmux("resize-window", "-x", `${width}`, "-y", `${height}`);
    },
    screen,
    see: async (wanted) => {
      for (let tries = 0; tries < 100; tries++) {
        if (wanted.test(screen())) return screen();
        await pause(100);
      }
      throw new Error(`${wanted} never came; there is:\n${screen()}`);
    },
    state: (variable) => tmux("display-message", "-p", `#{${variable}}`).trim(),
    kill: () => {
      spawnSync("tmux", ["-S", socket, "kill-server"], { timeout: 10_000 });
    },
  };
}
