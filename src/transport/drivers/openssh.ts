import { setTimeout } from "node:timers/promises";
import { quote } from "../../command/command.ts";
import { UnreachableError } from "../../errors.ts";
import { withDeadline } from "../deadline.ts";
import type { Connection } from "../driver.ts";
import type { EffectiveConfig } from "../effective-config.ts";
import { createGate } from "../gate.ts";
import type { KnownKey } from "../known-keys.ts";
import { startChild } from "./local.ts";
import { clientWords, openForward, openSession } from "./openssh-clients.ts";
import { createMasterLog } from "./openssh-log.ts";

export interface OpensshOptions {
  readonly host: string;
  readonly config: EffectiveConfig;
  readonly known: readonly KnownKey[];
  /** The words that make `ssh` mean this host, the destination last, without the jump hosts. */
  readonly sshArguments: readonly string[];
  /** The last jump host's own connection. */
  readonly hop?: Connection;
  /** Where our control socket will be, in a folder that nobody else can enter. */
  readonly controlPath: string;
  readonly readyTimeoutMs: number;
  readonly keepaliveMs: number;
  readonly reach: string;
}

// What we say goes before what the user configured, and none of this is for the user to change.
const masterOptions = [
  "BatchMode=yes",
  "StrictHostKeyChecking=yes",
  "UpdateHostKeys=no",
  "ForwardAgent=no",
  "ForwardX11=no",
  "GSSAPIDelegateCredentials=no",
  "ClearAllForwardings=yes",
  "PermitLocalCommand=no",
  "RemoteCommand=none",
  "RequestTTY=no",
  "Tunnel=no",
  "ControlMaster=yes",
  "ControlPersist=no",
  "ServerAliveCountMax=3",
];

// Ends ssh when we are gone, however we went: then our end of stdin is closed.
const leash =
  'exec 3<&0; ssh "$@" </dev/null 3<&- & m=$!; { read -r x <&3; kill "$m"; } 2>/dev/null & w=$!; wait "$m"; s=$?; kill "$w" 2>/dev/null; exit "$s"';

/** The user's own `ssh` as a ControlMaster: whatever works on the command line works here. */
export async function openOpenssh(options: OpensshOptions): Promise<Connection> {
  const { host, config, hop, controlPath, readyTimeoutMs } = options;
  const destination = `${config.user}@${config.hostname}:${config.port}`;
  const words = [
    "-v",
    "-N",
    "-S",
    controlPath,
    ...[
      ...masterOptions,
      `ServerAliveInterval=${Math.max(1, Math.round(options.keepaliveMs / 1000))}`,
      `ConnectTimeout=${Math.max(1, Math.ceil(readyTimeoutMs / 1000))}`,
      ...(hop ? [`ProxyCommand=${throughHop(hop)}`] : []),
    ].flatMap((option) => ["-o", option]),
    ...options.sshArguments,
  ];
  const master = startChild("/bin/sh", ["-c", leash, "ssh", ...words]);
  const log = createMasterLog(master.stderr, options);
  master.stdout.resume();
  // A ProxyCommand may outlive its ssh; what ssh said last is in the pipe by then.
  const ended = Promise.race([master.ended, master.exited.then(() => setTimeout(50))]).then(() =>
    log.whyEnded(destination),
  );
  try {
    await withDeadline(
      Promise.race([log.ready, ended.then((error) => Promise.reject(error))]),
      readyTimeoutMs,
      () =>
        new UnreachableError(
          "timeout",
          `${host} (${destination}) did not let us in within ${readyTimeoutMs / 1000} s.`,
          { hint: "`ConnectTimeout` in your ssh configuration gives a slow host more time." },
        ),
    );
  } catch (error) {
    master.close();
    throw error;
  }
  const turns = createGate(1);
  const inTurn = async <Value>(open: () => Promise<Value>): Promise<Value> => {
    const leave = await turns.enter();
    try {
      return await open();
    } finally {
      leave();
    }
  };
  return {
    driver: "openssh",
    destination,
    ...log.entrance(),
    controlPath,
    channel: (constant) => inTurn(() => openSession(controlPath, log, constant, ended)),
    forward: (address, port) => inTurn(() => openForward(host, controlPath, log, address, port)),
    ended,
    close: () => master.close(),
  };
}

function throughHop(hop: Connection): string {
  if (hop.controlPath === undefined)
    throw new TypeError("Our ssh goes through a jump host that ssh holds, too.");
  const words = clientWords(
    hop.controlPath.replaceAll("%", "%%"),
    "-o",
    "LogLevel=ERROR",
    "-W",
    "[%h]:%p",
    "--",
    "scrap",
  );
  return `ssh ${words.map(quote).join(" ")}`;
}
