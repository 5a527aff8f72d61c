import { execa } from "execa";
import type { Output } from "../command/command.ts";

/** Runs a program of this machine, without a shell. One that cannot be started or does not end has no exit code: -1. */
export async function runLocalProgram(argv: readonly [program: string, ...args: string[]]): Promise<Output> {
  const [program, ...args] = argv;
  const { exitCode, stdout, stderr } = await execa(program, args, {
    reject: false,
    stdin: "ignore",
    timeout: 60_000,
    stripFinalNewline: false,
  });
  return { exitCode: exitCode ?? -1, stdout: stdout ?? "", stderr: stderr ?? "" };
}
