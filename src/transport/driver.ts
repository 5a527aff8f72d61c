import type { Duplex, Readable, Writable } from "node:stream";
import type { UnreachableError } from "../errors.ts";
import type { DriverName } from "./transport.ts";

/** How a program on a host ended. Neither of both: nobody knows, which is no success and no failure. */
export interface Exit {
  readonly code?: number;
  readonly signal?: string;
}

/** One program on a host. Both outputs must be read, or it stalls; they may be paused at first. */
export interface Channel {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves once, after the last byte of both outputs. Never rejects. */
  readonly ended: Promise<Exit>;
  /** Gives the channel up. What runs on the host loses its pipes; it may live on. */
  readonly close: () => void;
}

/** What was found out on the way in, by the driver. */
export interface Entrance {
  readonly driver: DriverName;
  readonly destination: string;
  readonly hostKey?: string;
  readonly login: { readonly user?: string; readonly how: string };
}

/** A verified and authenticated connection to one host. */
export interface Connection extends Entrance {
  /**
   * Starts a program. `constant` is the same for every host and every request: it goes through a login shell that may
   * be anything. Rejects with `ChannelRefused` when the host lets us have no more of them, else `UnreachableError`.
   */
  readonly channel: (constant: string) => Promise<Channel>;
  /** Rejects with `ForwardRefused`, with `CommandFailed` when nothing listens there, or `UnreachableError`. */
  readonly forward: (address: string, port: number) => Promise<Duplex>;
  /** Resolves when the connection is over, whoever ended it. Never rejects. */
  readonly ended: Promise<UnreachableError>;
  readonly close: () => void;
  /** The socket of a ControlMaster, where `ssh` holds the connection. */
  readonly controlPath?: string;
}

/** The host is there and lets us have no channel more. */
export class ChannelRefused extends Error {}
