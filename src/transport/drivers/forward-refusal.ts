import { CommandFailed, type Failure, ForwardRefused } from "../../errors.ts";
import { sanitiseLine } from "../sanitise.ts";

interface Way {
  /** The host that makes the connection. */
  readonly host: string;
  readonly address: string;
  readonly port: number;
}

/** Why nobody could be connected to, in words for people. `said` is what the client or the system calls it. */
export function toConnectFailed({ host, address, port }: Way, said: string, cause?: unknown): CommandFailed {
  const where = `${address}:${port}`;
  if (/refused/i.test(said)) return new CommandFailed(`${where} refuses connections`, { cause });
  if (/timed ?out/i.test(said)) return new CommandFailed(`${where} does not answer`, { cause });
  if (/no route|unreach/i.test(said)) return new CommandFailed(`${host} finds no way to ${where}`, { cause });
  if (/resol|not known|ENOTFOUND|EAI_/i.test(said))
    return new CommandFailed(`${host} does not know the name ${address}`, { cause });
  return new CommandFailed(`${host} cannot connect to ${where}: ${withoutJargon(said)}`, { cause });
}

/** The host's SSH server does not make connections for us. */
export function toForwardRefused({ host, address, port }: Way, said: string, cause?: unknown): Failure {
  const why = withoutJargon(said);
  return new ForwardRefused(
    `The SSH server of ${host} makes no connection to ${address}:${port} for us${why === "" ? "" : `: ${why}`}`,
    { cause, hint: "See AllowTcpForwarding in its sshd_config." },
  );
}

const withoutJargon = (said: string) =>
  sanitiseLine(said).replace(
    /^(?:\(SSH\) )?(?:(?:Channel open failure|connect failed|open failed)(?:: |$))+/i,
    "",
  );
