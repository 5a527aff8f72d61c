import { PassThrough } from "node:stream";
import xterm from "@xterm/headless";
import { openTerminal, type Terminal } from "../../../src/tui/terminal/terminal.ts";

/** Both ends of a line to a terminal of which all is seen. It is never slow and never answers by itself. */
export interface FakeTty {
  readonly stdin: PassThrough & NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  /** What was written, a write each. */
  readonly writes: string[];
  readonly rawModes: boolean[];
  readonly resize: (columns: number, rows: number) => void;
  /** What a person sees, blank rows at the end left out. */
  readonly screen: () => Promise<readonly string[]>;
  readonly emulator: xterm.Terminal;
  /** The emulator has read all that was written. */
  readonly settled: () => Promise<void>;
}

export function createFakeTty(size = { columns: 80, rows: 24 }): FakeTty {
  const writes: string[] = [];
  const rawModes: boolean[] = [];
  const emulator = new xterm.Terminal({
    cols: size.columns,
    rows: size.rows,
    allowProposedApi: true,
    convertEol: true,
  });
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (on: boolean) => rawModes.push(on),
  });
  const stdout = Object.assign(new PassThrough({ decodeStrings: false, encoding: "utf8" }), {
    isTTY: true,
    ...size,
  });
  const write = stdout.write.bind(stdout);
  stdout.write = (text: string, ...rest: readonly unknown[]) => {
    writes.push(text);
    emulator.write(text);
    return write(text, ...(rest as []));
  };
  stdout.resume();
  const settled = () => new Promise<void>((resolve) => emulator.write("", resolve));
  return {
    stdin: stdin as unknown as FakeTty["stdin"],
    stdout: stdout as unknown as NodeJS.WriteStream,
    writes,
    rawModes,
    emulator,
    resize: (columns, rows) => {
      Object.assign(stdout, { columns, rows });
      emulator.resize(columns, rows);
      stdout.emit("resize");
    },
    settled,
    screen: async () => {
      await settled();
      const { active } = emulator.buffer;
      const rows = Array.from(
        { length: emulator.rows },
        (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? "",
      );
      return rows.slice(0, rows.findLastIndex((row) => row !== "") + 1);
    },
  };
}

export interface FakeTerminal extends FakeTty {
  readonly terminal: Terminal;
}

export function openFake(env: Readonly<Record<string, string>> = {}): FakeTerminal {
  const tty = createFakeTty();
  const { stdin, stdout } = tty;
  return { ...tty, terminal: openTerminal({ stdin, stdout, env }) };
}

export const pause = (ms = 0) => new Promise((resolve) => setTimeout(resolve, ms));
