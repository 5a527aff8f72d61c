import { execa } from "execa";
import type { Output } from "../command/command.ts";
import { sanitiseLine } from "./sanitise.ts";

/** Runs a program of this machine, without a shell. One that cannot be started, does not end or is stopped by `signal` has no exit code: -1. */
export async function runLocalProgram(
  argv: readonly [program: string, ...args: string[]],
  signal: AbortSignal,
): Promise<Output> {
  const [program, ...args] = argv;
  const { exitCode, stdout, stderr } = await execa(program, args, {
    reject: false,
    stdin: "ignore",
    timeout: 60_000,
    cancelSignal: signal,
    stripFinalNewline: false,
  });
  return { exitCode: exitCode ?? -1, stdout: stdout ?? "", stderr: stderr ?? "" };
}

/** Gives a program of this machine the terminal until it ends, whatever its exit code. Rejects when it cannot be started. */
export async function runInTerminal(argv: readonly [program: string, ...args: string[]]): Promise<void> {
  const [program, ...args] = argv;
  const result = await execa(program, args, { reject: false, stdio: "inherit" });
  if (result.exitCode === undefined && result.signal === undefined)
    throw new Error(
      result.code === "ENOENT"
        ? `There is no program ${program} on this machine.`
        : `${program} could not be started: ${result.shortMessage}`,
    );
}

/** Runs a program of this machine and hands out its lines. Resolves with its exit code, -1 when it could not be started. */
export async function runLocalLines(
  argv: readonly [program: string, ...args: string[]],
  cwd: string,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<number> {
  const [program, ...args] = argv;
  const child = execa(program, args, {
    cwd,
    reject: false,
    stdin: "ignore",
    all: true,
    buffer: false,
    cancelSignal: signal,
  });
  try {
    for await (const line of child.iterable({ from: "all" })) onLine(sanitiseLine(String(line), 4096));
  } catch {
    // Its end says why.
  }
  const { exitCode, shortMessage } = await child;
  if (exitCode === undefined) onLine(sanitiseLine(shortMessage ?? "it was ended", 4096));
  return exitCode ?? -1;
}
