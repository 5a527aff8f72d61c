import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";

export const hasTmux = spawnSync("tmux", ["-V"]).status === 0;

export interface Pane {
  readonly send: (...keys: readonly string[]) => void;
  readonly screen: () => string;
  /** Waits until it is seen. */
  readonly sees: (text: string | RegExp) => Promise<string>;
  readonly resize: (columns: number, rows: number) => void;
  readonly get: (format: string) => string;
  readonly kill: () => void;
  /** A folder of its own: home, settings, cache. */
  readonly folder: string;
}

/** A real terminal with a shell, 80×24, and nothing in its home. */
export function openPane(): Pane {
  const folder = mkdtempSync(join(tmpdir(), "scrap-tmux-"));
  chmodSync(folder, 0o700);
  const tmux = (...args: readonly string[]) =>
    execFileSync("tmux", ["-S", join(folder, "tmux"), "-f", "/dev/null", ...args], {
      encoding: "utf8",
      env: { PATH: process.env["PATH"] ?? "", HOME: folder, LANG: "C.UTF-8", PS1: "$ ", TERM: "xterm" },
    });
  tmux("new-session", "-d", "-x", "80", "-y", "24", "sh");
  const kill = () => void spawnSync("tmux", ["-S", join(folder, "tmux"), "kill-server"]);
  onTestFinished(() => {
    kill();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });
  const screen = () => tmux("capture-pane", "-p");
  return {
    folder,
    screen,
    kill,
    send: (...keys) => tmux("send-keys", ...keys),
    resize: (columns, rows) => tmux("resize-window", "-x", `${columns}`, "-y", `${rows}`),
    get: (format) => tmux("display-message", "-p", format).trim(),
    sees: (text) =>
      vi.waitFor(
        () => {
          const now = screen();
          if (typeof text === "string" ? !now.includes(text) : !text.test(now))
            throw new Error(`${String(text)} is not seen:\n${now}`);
          return now;
        },
        { timeout: 15_000, interval: 100 },
      ),
  };
}
