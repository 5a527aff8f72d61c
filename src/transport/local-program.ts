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

/**
 * Runs $@ in a group of its own that ends with whoever holds the other end of standard input, however that goes. What reads
 * that end is of the group, too: so its number is nobody else's while it ends the rest.
 */
const held = `exec 3<&0
"$@" 3<&- </dev/null &
child=$!
{ read -r word <&3; trap "" TERM; kill -TERM 0; sleep 10; kill -KILL 0; } >/dev/null 2>&1 &
watch=$!
exec 3<&-
wait "$child"
code=$?
kill "$watch"
exit "$code"`;

/**
 * Runs a program of this machine and hands out its lines. Resolves with its exit code, -1 when it was stopped by `signal`.
 * It ends with all that it started when we do: what carries an operation on must not meet it.
 */
export async function runLocalLines(
  argv: readonly [program: string, ...args: string[]],
  cwd: string,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<number> {
  const child = execa("sh", ["-c", held, "sh", ...argv], {
    cwd,
    reject: false,
    stdin: "pipe",
    all: true,
    buffer: false,
    detached: true,
  });
  const letGo = () => child.stdin.end();
  signal.addEventListener("abort", letGo, { once: true });
  if (signal.aborted) letGo();
  try {
    for await (const line of child.iterable({ from: "all" })) onLine(sanitiseLine(String(line), 4096));
  } catch {
    // Its end says why.
  }
  const { exitCode, shortMessage } = await child;
  signal.removeEventListener("abort", letGo);
  if (exitCode === undefined) onLine(sanitiseLine(shortMessage ?? "it was ended", 4096));
  return signal.aborted ? -1 : (exitCode ?? -1);
}
