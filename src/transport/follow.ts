import { type Command, toShell } from "../command/command.ts";
import { UnreachableError } from "../errors.ts";
import type { Host } from "../inventory/host.ts";
import { holdRefusal, jobConstant, refusedError } from "./become.ts";
import { type Channel, ChannelRefused } from "./driver.ts";
import type { Privileges } from "./privileges.ts";
import { sanitise, sanitiseLine } from "./sanitise.ts";
import type { Session } from "./session.ts";
import { shellEnvironment } from "./shell.ts";

const longestLine = 16 * 1024;

type OnLine = (line: string, from: "stdout" | "stderr") => void;

/** Runs a command on a channel of its own, without a time limit unless it has one; see `Link.follow`. */
export async function follow(
  host: Host,
  session: Session,
  privileges: Privileges,
  command: Command,
  onLine: OnLine,
  signal: AbortSignal,
): Promise<number> {
  const isLimited = command.timeoutMs !== undefined && (await session.hasTimeout());
  const leave = await session.spare.enter();
  try {
    signal.throwIfAborted();
    const privilege = privileges.privilegeFor(session, command);
    const rooted = await privileges.rootChannel(session, command, `IFS= read -r c && eval "$c"`);
    const channel = rooted ?? (await session.openChannel(jobConstant));
    const text = toShell(command, rooted ? "root" : privilege, isLimited ? "limited" : "unlimited");
    channel.stdin.write(toJobLine(text));
    if (rooted || privilege === "root" || privilege === "none")
      return await readLines(host.name, channel, onLine, signal);
    const held = holdRefusal(onLine);
    const exitCode = await readLines(host.name, channel, held.onLine, signal);
    const refusal = held.end(exitCode);
    if (refusal !== "") throw refusedError(host.name, text, refusal);
    return exitCode;
  } catch (error) {
    if (!(error instanceof ChannelRefused)) throw error;
    throw new UnreachableError(
      "incompatible",
      `${host.name} grants us no session more: ${sanitiseLine(error.message)}`,
    );
  } finally {
    leave();
  }
}

/**
 * The one line that `jobConstant` gets. What reads our end of stdin ends the command when we are gone: nothing else
 * would, where there is no terminal.
 */
function toJobLine(text: string): string {
  return `${shellEnvironment.trimEnd()}; n=$(printf '\\nx'); n=\${n%x}; exec 3<&0; ${onOneLine(text)} </dev/null 3<&- & c=$!; { read -r x <&3; kill "$c"; } 2>/dev/null & w=$!; wait "$c"; s=$?; kill "$w" 2>/dev/null; exit "$s"\n`;
}

// A newline is always inside single quotes: `quote` puts it there.
export const onOneLine = (text: string) => text.replaceAll("\n", `'"$n"'`);

/** Hands out the lines of both outputs until the program ends. Resolves with its exit code, 128 + n for signal n. */
async function readLines(
  host: string,
  channel: Channel,
  onLine: OnLine,
  signal: AbortSignal,
): Promise<number> {
  const flushOut = split(channel, "stdout", onLine);
  const flushErrors = split(channel, "stderr", onLine);
  const exit = await new Promise<Awaited<Channel["ended"]>>((resolve, reject) => {
    const abort = () => {
      channel.close();
      reject(signal.reason);
    };
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    void channel.ended.then((exit) => {
      signal.removeEventListener("abort", abort);
      resolve(exit);
    });
  });
  flushOut();
  flushErrors();
  if (exit.code !== undefined) return exit.code;
  throw new UnreachableError(
    "dropped",
    `${host} ended it without an exit code${exit.signal ? ` (${exit.signal})` : ""}.`,
  );
}

function split(channel: Channel, from: "stdout" | "stderr", onLine: OnLine): () => void {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let rest = "";
  let isCut = false;
  const say = (line: string) => {
    if (!isCut) onLine(sanitise(line), from);
    isCut = false;
  };
  channel[from]
    .on("data", (bytes: Buffer) => {
      const lines = `${rest}${decoder.decode(bytes, { stream: true })}`.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) say(line.length > longestLine ? `${line.slice(0, longestLine)}…` : line);
      if (rest.length > longestLine) {
        say(`${rest.slice(0, longestLine)}…`);
        isCut = true;
      }
      if (isCut) rest = "";
    })
    .resume();
  return () => {
    if (rest !== "") say(rest);
  };
}
