import { type Command, toShell } from "../command/command.ts";
import { UnreachableError } from "../errors.ts";
import type { Host } from "../inventory/host.ts";
import { jobConstant } from "./become.ts";
import { ChannelRefused } from "./driver.ts";
import { onOneLine } from "./follow.ts";
import type { Privileges } from "./privileges.ts";
import { sanitise, sanitiseLine } from "./sanitise.ts";
import type { Session } from "./session.ts";
import { shellEnvironment } from "./shell.ts";
import type { Stream } from "./transport.ts";

const keptBytes = 4 * 1024;

/** Starts a command on a channel of its own, with both its ends free; see `Link.stream`. */
export async function startStream(
  host: Host,
  session: Session,
  privileges: Privileges,
  command: Command,
  signal: AbortSignal,
): Promise<Stream> {
  const leave = await session.spare.enter();
  try {
    signal.throwIfAborted();
    const privilege = privileges.privilegeFor(session, command);
    const rooted = await privileges.rootChannel(session, command, `IFS= read -r c && eval "$c"`);
    const channel = rooted ?? (await session.openChannel(jobConstant));
    const text = toShell(command, rooted ? "root" : privilege, "unlimited");
    // The rest of standard input is the command's: the shell reads this line byte by byte, and no further.
    channel.stdin.write(
      `${shellEnvironment.trimEnd()}; n=$(printf '\\nx'); n=\${n%x}; exec ${onOneLine(text)}\n`,
    );
    let said = Buffer.alloc(0);
    channel.stderr
      .on("data", (bytes: Buffer) => {
        said = Buffer.concat([said, bytes]).subarray(-keptBytes);
      })
      .resume();
    const ended = new Promise<{ exitCode: number; stderr: string }>((resolve, reject) => {
      // What we gave up may live on there: nobody waits for it.
      const abort = () => {
        channel.close();
        reject(signal.reason);
      };
      signal.addEventListener("abort", abort, { once: true });
      void channel.ended.then((exit) => {
        signal.removeEventListener("abort", abort);
        if (exit.code !== undefined) resolve({ exitCode: exit.code, stderr: sanitise(said.toString()) });
        else reject(cutOff(host.name, exit.signal));
      });
    });
    // Who uses the other end first must not end the process.
    ended.catch(() => {}).finally(leave);
    const close = () => {
      channel.close();
      leave();
    };
    return { stdin: channel.stdin, stdout: channel.stdout, ended, close };
  } catch (error) {
    leave();
    if (!(error instanceof ChannelRefused)) throw error;
    throw new UnreachableError(
      "incompatible",
      `${host.name} grants us no session more: ${sanitiseLine(error.message)}`,
    );
  }
}

const cutOff = (host: string, signal: string | undefined) =>
  new UnreachableError(
    "dropped",
    `${host} ended it without an exit code${signal ? ` (${sanitiseLine(signal)})` : ""}.`,
  );
