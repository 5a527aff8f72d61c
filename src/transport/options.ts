import type { Host } from "../inventory/host.ts";
import type { AskSecret } from "./secrets.ts";

/** How long we wait for what. Tests are less patient than people. */
export interface Patience {
  /** For a host to let us in. `ConnectTimeout` of the user's configuration goes before it. */
  readonly readyTimeoutMs: number;
  /** For a channel that was asked for, and who we are. The first one waits for all that a login starts on a slow host. */
  readonly channelTimeoutMs: number;
  /** For the answer of the fast shell. */
  readonly fastTimeoutMs: number;
  /** For the first program that is started there, on a host that may have better to do. */
  readonly slowStartTimeoutMs: number;
  /** For the answer of the slow shell, after the host should have killed the command. */
  readonly graceMs: number;
  readonly keepaliveMs: number;
  /** How long what hangs is left alone at first. */
  readonly quarantineMs: number;
  /** For the failures so far, when to connect again. */
  readonly backOffMs?: (failures: number) => number;
}

export const defaultPatience: Patience = {
  readyTimeoutMs: 10_000,
  channelTimeoutMs: 30_000,
  fastTimeoutMs: 5_000,
  slowStartTimeoutMs: 30_000,
  graceMs: 5_000,
  keepaliveMs: 15_000,
  quarantineMs: 30_000,
};

export interface TransportOptions {
  readonly hosts: ReadonlyMap<string, Host>;
  /** What `ssh -F` is, for hosts that do not say it themselves: absolute, or `none`. */
  readonly sshConfig?: string;
  /** Asks the person in front of the screen; absent when there is none. */
  readonly askSecret?: AskSecret;
  readonly patience?: Partial<Patience>;
  /** Told of each question when it was answered, or was not: the command log. */
  readonly onAsked?: (asked: Asked) => void;
  /** Connections that start at the same time. */
  readonly starts?: { readonly perServer?: number; readonly inAll?: number };
}

export interface Asked {
  readonly host: string;
  readonly at: Date;
  readonly tookMs: number;
  /** Word by word what the host received. */
  readonly text: string;
  readonly exitCode?: number;
  /** Why there is no exit code. */
  readonly error?: string;
}
