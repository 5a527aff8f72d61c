// How a script of ours is said to a host, and what it says of its lock.
import type { Command, Output } from "../command/command.ts";
import { CommandFailed, Refused, UnreadableOutput } from "../errors.ts";
import type { Link } from "../transport/transport.ts";
import { hostFolder, lockedExitCode, scheduleOwner } from "./host-scripts.ts";

/** Who holds a host. */
export interface Lock {
  readonly operation: string;
  readonly owner: string;
  readonly title: string;
  /** By the host's clock. */
  readonly since: Date;
}

/** `what` is what the host calls the process, and what a failure is called. */
export const script = (what: string, text: string, ...args: readonly string[]): Command => ({
  argv: ["sh", "-c", text, `scrap ${what}`, ...args],
  asRoot: true,
  timeoutMs: 30_000,
});

/** Runs one of our scripts. Rejects with `Refused` when the host is held by another operation. */
export async function say(link: Link, command: Command): Promise<string> {
  return judgeSaid(link.host, command, await link.ask(command));
}

/** As `say`, of what it said. */
export function judgeSaid(host: string, { argv }: Command, output: Output): string {
  if (output.exitCode === lockedExitCode) throw toLocked(host, output.stdout);
  return expectSuccess(host, argv[3] ?? "", output);
}

/** Throws `CommandFailed` with what the host said. */
export function expectSuccess(host: string, what: string, { exitCode, stdout, stderr }: Output): string {
  if (exitCode === 0) return stdout;
  throw new CommandFailed(`${host}: ${what}: exit ${exitCode}: ${(stderr || stdout).trim()}`);
}

function toLocked(host: string, stdout: string): Refused {
  if (stdout.trim() === "")
    return new Refused(`${host} is not held by this operation: somebody took its lock away.`);
  const { operation, owner, title, since } = parseLock(host, stdout.split("\n"));
  return new Refused(
    `${host} is held by ${owner === scheduleOwner ? "its own schedule" : owner} since ${since.toISOString()}: ${title} (${operation}).`,
    {
      hint:
        owner === scheduleOwner
          ? "Wait for it: it gives the host back at its end."
          : `Wait for it, or scrap resume ${operation}; if it will never come back: scrap unlock ${host} ${operation}`,
    },
  );
}

/** Throws `UnreadableOutput` for a lock that is none of ours. */
export function parseLock(
  host: string,
  [operation = "", owner = "", title = "", at = ""]: readonly string[],
): Lock {
  const since = toDate(at);
  if (since) return { operation, owner, title, since };
  throw new UnreadableOutput(
    `${host} is locked by something that is no lock of ours: ${operation.slice(0, 200)}`,
    {
      hint: `Look at ${hostFolder}/lock there.`,
    },
  );
}

/** Undefined for what is no time. */
export const toDate = (seconds: string): Date | undefined =>
  /^\d{1,11}$/.test(seconds) ? new Date(Number(seconds) * 1000) : undefined;
