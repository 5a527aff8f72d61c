import type { Context } from "../../src/cli/context.ts";
import { runCommandLine } from "../../src/cli/program.ts";
import { createStyle } from "../../src/cli/style.ts";
import { Failure } from "../../src/errors.ts";
import { listUnfinished } from "../../src/journal/unfinished.ts";
import { createOperations } from "../../src/operate.ts";
import { createSession } from "../../src/session.ts";
import { inventoryOf } from "../inventory-of.ts";
import { createReplayTransport, type Replayed } from "../replay-transport.ts";
import { type Faults, withFaults } from "./faults.ts";

export interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A homelab of recorded hosts: its inventory, and for each host what it answers from, or why it does not. */
export interface RecordedLab {
  readonly inventory: string;
  readonly hosts: Readonly<Record<string, Replayed>>;
  readonly columns?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly faults?: Faults;
  readonly isTTY?: boolean;
  readonly interrupted?: AbortSignal;
  readonly watchLines?: Context["watchLines"];
  readonly cockpit?: Context["cockpit"];
  /** The folder of journals. Nothing can be carried out. */
  readonly journal?: string;
}

/** Runs the command line on recorded hosts. */
export async function scrap(lab: RecordedLab, ...argv: readonly string[]): Promise<Run> {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const context = createContext(lab, stdout, stderr);
  const result = (exitCode: number) => ({ exitCode, stdout: stdout.join("\n"), stderr: stderr.join("\n") });
  try {
    return result(await runCommandLine(argv, context, "0.0.0-test"));
  } catch (error) {
    // As main does.
    const isFailure = error instanceof Failure;
    if (lab.interrupted?.aborted && (isFailure || error === lab.interrupted.reason)) return result(130);
    if (!isFailure) throw error;
    stderr.push(error.message, ...(error.hint === undefined ? [] : [error.hint]));
    return result(error.exitCode);
  }
}

/** A test carries nothing out. */
const nobody = {
  start: () => Promise.reject(new Error("a test changes nothing")),
  wish: () => {
    throw new Error("a test changes nothing");
  },
};

function createContext(lab: RecordedLab, stdout: string[], stderr: string[]): Context {
  const context: Context = {
    print: (text) => stdout.push(text),
    complain: (text) => stderr.push(text),
    style: createStyle(lab.columns === undefined ? {} : { isTTY: true, columns: lab.columns }, {
      LANG: "C.UTF-8",
      NO_COLOR: "1",
      ...lab.environment,
    }),
    isTTY: lab.isTTY ?? false,
    isPlain: false,
    interrupted: lab.interrupted ?? new AbortController().signal,
    loadInventory: () => inventoryOf(lab.inventory),
    open: async (inventory) =>
      createSession(
        inventory,
        withFaults(createReplayTransport(lab.hosts), lab.faults ?? {}),
        context.interrupted,
        (error) => {
          throw error;
        },
      ),
    cockpit: lab.cockpit ?? (() => Promise.reject(new Error("nobody sits at a test"))),
    watchLines: lab.watchLines ?? (() => Promise.reject(new Error("nobody watches a test"))),
    operations: () =>
      lab.journal === undefined
        ? Promise.reject(new Error("a test changes nothing"))
        : Promise.resolve(createOperations({ folder: lab.journal, drivers: nobody })),
    unfinished: async ({ file }) =>
      lab.journal === undefined ? [] : listUnfinished(lab.journal, file, Date.now()),
    drive: () => Promise.reject(new Error("a test changes nothing")),
    onInterrupt: () => () => {},
    settings: async () => ({
      path: "/lab/settings.json",
      watchRefreshSeconds: 5,
      list: () => [["watch.refreshSeconds", 5]],
      set: () => {
        throw new Error("a test sets nothing");
      },
    }),
  };
  return context;
}
