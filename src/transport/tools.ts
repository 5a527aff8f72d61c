import { execa } from "execa";
import { UnreachableError } from "../errors.ts";
import { createGate } from "./gate.ts";

// More at a time would not be faster, and would hold up those who wait for an answer.
const gate = createGate(8);

/** What a program of the OpenSSH client on this machine said. */
export interface ToolAnswer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `ssh`, `ssh-keygen` or `ssh-add` here. Rejects with `UnreachableError` (config) when it is not installed. */
export async function runTool(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ToolAnswer> {
  const leave = await gate.enter();
  try {
    const result = await execa(program, args, {
      reject: false,
      stdin: "ignore",
      env,
      timeout: 20_000,
      stripFinalNewline: false,
    });
    if (result.code === "ENOENT") {
      throw new UnreachableError("config", `There is no program ${program} on this machine.`, {
        hint: "Install the OpenSSH client (package openssh-client). It is not needed for a host that has `sshConfig: none` and `hostKey` in the inventory.",
      });
    }
    return { exitCode: result.exitCode ?? -1, stdout: result.stdout, stderr: result.stderr };
  } finally {
    leave();
  }
}
