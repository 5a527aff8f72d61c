import type { Duplex } from "node:stream";
import ssh2, { type ConnectConfig } from "ssh2";
import { UnreachableError, type UnreachableReason } from "../../errors.ts";
import type { Authentication } from "../authentication.ts";
import { startDeadline } from "../deadline.ts";
import type { Connection } from "../driver.ts";
import type { EffectiveConfig } from "../effective-config.ts";
import {
  type HostKeyVerdict,
  hostKeyError,
  judgeHostKey,
  orderHostKeyAlgorithms,
  type ShownKey,
  toShownKey,
} from "../host-keys.ts";
import type { KnownKey } from "../known-keys.ts";
import { sanitiseLine } from "../sanitise.ts";
import { openChannel, openForward } from "./ssh2-channels.ts";

export interface Ssh2Options {
  readonly host: string;
  readonly config: EffectiveConfig;
  readonly known: readonly KnownKey[];
  readonly authentication: Authentication;
  /** A stream to the host's SSH server, through the jump host; absent when we make the connection. */
  readonly stream?: Duplex;
  readonly readyTimeoutMs: number;
  readonly keepaliveMs: number;
  /** The ssh command line with which the user would accept the host key. */
  readonly reach: string;
}

/** The server and we have no algorithm in common: `ssh` may have one. */
export class NoCommonAlgorithm extends UnreachableError {}

/** The built-in client. Verifies the host key before anything is said about who we are. */
export function openSsh2(options: Ssh2Options): Promise<Connection> {
  const { host, config, known, authentication, stream } = options;
  const destination = `${config.user}@${config.hostname}:${config.port}`;
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    let key: ShownKey | undefined;
    let verdict: HostKeyVerdict | undefined;
    let failure: UnreachableError | undefined;
    let ended: (error: UnreachableError) => void = () => {};
    const whenEnded = new Promise<UnreachableError>((end) => {
      ended = end;
    });

    const fail = (error: UnreachableError) => {
      failure ??= error;
      deadline.end();
      reject(failure);
      ended(failure);
      client.destroy();
      stream?.destroy();
    };
    const deadline = startDeadline(options.readyTimeoutMs, () =>
      fail(
        new UnreachableError(
          "timeout",
          `${host} (${destination}) did not let us in within ${options.readyTimeoutMs / 1000} s.`,
          { hint: "`ConnectTimeout` in your ssh configuration gives a slow host more time." },
        ),
      ),
    );

    // Both stay for ever: an error that nobody listens to would end the process.
    client.on("error", (error: Error & { level?: string; code?: string }) => {
      if (error.level === "agent") return;
      fail(whyNot(error));
    });
    client.on("close", () =>
      fail(new UnreachableError("dropped", `${host} (${destination}) closed the connection.`)),
    );

    const whyNot = (error: Error & { level?: string; code?: string }): UnreachableError => {
      if (key && verdict && verdict.verdict !== "known") {
        const authorityOnly = known.some(({ marker }) => marker === "authority");
        return hostKeyError(host, key, verdict, { reach: options.reach, authorityOnly });
      }
      const said = sanitiseLine(error.message);
      if (error.level === "client-authentication") {
        return new UnreachableError("auth", `${destination} does not let us in: ${authentication.tried()}.`, {
          hint: `See what your own client does: ${options.reach}`,
        });
      }
      if (error.level === "handshake" && !key) {
        return new NoCommonAlgorithm("incompatible", `${host} (${destination}): ${said}.`, {
          cause: error,
          hint: "Say `transport: openssh` for this host: your own ssh may know more algorithms.",
        });
      }
      return new UnreachableError(reasonOf(error), `${host} (${destination}): ${said}.`, { cause: error });
    };

    client.on("ready", () => {
      deadline.end();
      client.setNoDelay(true);
      const by = verdict?.verdict === "known" ? verdict.by : undefined;
      resolve({
        driver: "ssh2",
        destination,
        hostKey: `${key?.fingerprint} in ${by?.where}`,
        login: { user: config.user, how: authentication.succeeded() },
        channel: (constant) => openChannel(client, host, constant, () => failure),
        forward: (address, port) => openForward(client, host, address, port),
        ended: whenEnded,
        close: () => fail(new UnreachableError("dropped", `The connection to ${host} was closed.`)),
      });
    });

    const settings: ConnectConfig = {
      host: config.hostname,
      port: config.port,
      username: config.user,
      ...(stream ? { sock: stream } : {}),
      forceIPv4: config.first("addressfamily") === "inet",
      forceIPv6: config.first("addressfamily") === "inet6",
      readyTimeout: 0,
      keepaliveInterval: options.keepaliveMs,
      keepaliveCountMax: 3,
      agentForward: false,
      algorithms: { serverHostKey: orderHostKeyAlgorithms(known, config.first("hostkeyalgorithms")) },
      // Must stay synchronous: ssh2 takes a promise for a yes.
      hostVerifier: (shown: Buffer): boolean => {
        key = toShownKey(shown);
        verdict = judgeHostKey(key, known);
        return verdict.verdict === "known";
      },
      authHandler: authentication.toHandler(config.user, deadline),
    };
    try {
      client.connect(settings);
    } catch (error) {
      fail(new UnreachableError("config", `${host}: ${sanitiseLine(String(error))}`, { cause: error }));
    }
  });
}

function reasonOf({ code, level }: { code?: string; level?: string }): UnreachableReason {
  if (level === "client-dns" || code === "ENOTFOUND" || code === "EAI_AGAIN" || code === "ENODATA")
    return "dns";
  if (code === "ETIMEDOUT" || level === "client-timeout") return "timeout";
  return code === "ECONNRESET" || code === "EPIPE" ? "dropped" : "connect";
}
