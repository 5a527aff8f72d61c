import { spawn } from "node:child_process";
import { once } from "node:events";
import xterm from "@xterm/headless";
import { quote } from "../../src/command/command.ts";
import { CannotMeasure } from "./bench.ts";
import type { Cleanup } from "./cleanup.ts";

/** A program in a terminal of its own, and what a person would see there. */
export interface Screen {
  /** When it was started, in ms of `performance.now()`. */
  readonly startedAt: number;
  /** Resolves with the ms from the start until the screen passed; rejects with `CannotMeasure` when it never does. */
  readonly until: (isThere: (lines: readonly string[]) => boolean, timeoutMs: number) => Promise<number>;
  readonly lines: () => readonly string[];
  readonly type: (keys: string) => void;
  /** How many bytes were sent to the terminal so far. */
  readonly bytes: () => number;
  /** Of `script`, which started the program. */
  readonly pid: number;
  /** Types what ends the program; pulls the terminal away from what stays. */
  readonly close: () => Promise<void>;
}

interface ScreenOptions {
  readonly rows: number;
  readonly columns: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What ends it; `q` when absent. */
  readonly leave?: string;
}

/** Through `script` (bsdutils), which makes the terminal. */
export function openScreen(
  argv: readonly string[],
  { rows, columns, env, leave = "q" }: ScreenOptions,
  cleanup: Cleanup,
): Screen {
  const terminal = new xterm.Terminal({ rows, cols: columns, scrollback: 0, allowProposedApi: true });
  const shell = `stty rows ${rows} cols ${columns}; exec ${argv.map(quote).join(" ")}`;
  const startedAt = performance.now();
  const child = spawn("script", ["-qefc", shell, "/dev/null"], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, TERM: "xterm-256color", ...env },
  });
  const ended = once(child, "close");
  child.stdin.on("error", () => {});
  const listeners = new Set<(atMs: number) => void>();
  let sent = 0;
  child.stdout.on("data", (bytes: Buffer) => {
    sent += bytes.length;
    const atMs = performance.now() - startedAt;
    terminal.write(bytes, () => {
      for (const listener of listeners) listener(atMs);
    });
  });

  const lines = () => {
    const { active } = terminal.buffer;
    return Array.from({ length: rows }, (_, row) => active.getLine(row)?.translateToString(true) ?? "");
  };

  const close = async () => {
    child.stdin.write(leave);
    const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
    await ended;
    clearTimeout(timer);
    terminal.dispose();
  };
  cleanup.add(() => (child.exitCode === null && child.signalCode === null ? close() : undefined));

  return {
    startedAt,
    lines,
    type: (keys) => void child.stdin.write(keys),
    bytes: () => sent,
    pid: child.pid ?? 0,
    until: (isThere, timeoutMs) =>
      new Promise((resolve, reject) => {
        const finish = (settle: () => void) => {
          clearTimeout(timer);
          listeners.delete(look);
          settle();
        };
        const giveUp = (why: string) => () =>
          finish(() =>
            reject(
              new CannotMeasure(
                `${why}; the screen says: ${lines().filter(Boolean).slice(0, 4).join(" / ")}`,
              ),
            ),
          );
        const look = (atMs: number) => {
          if (isThere(lines())) finish(() => resolve(atMs));
        };
        const timer = setTimeout(giveUp(`not seen within ${timeoutMs / 1000} s`), timeoutMs);
        listeners.add(look);
        void ended.then(giveUp(`${argv.join(" ")} ended`));
        look(performance.now() - startedAt);
      }),
    close,
  };
}

/** Hosts of which the status screen shows load, memory and uptime. */
export const hostsShown = (lines: readonly string[]): number =>
  lines.filter((line) => /^\S+ .*\s\d+\.\d\d\s+\d+\s?%\s+\d/.test(line)).length;
