import type { Duplex, Readable, Writable } from "node:stream";
import type { Command, Output, Privilege, Question } from "../command/command.ts";
import type { UnreachableError } from "../errors.ts";

/** How a host is reached. */
export type DriverName = "ssh2" | "openssh" | "local";

export type LinkState =
  | { readonly status: "idle" }
  | { readonly status: "connecting"; readonly since: Date }
  | { readonly status: "up"; readonly since: Date; readonly access: Access }
  | {
      readonly status: "down";
      readonly since: Date;
      readonly error: UnreachableError;
      /** When `open` will try again; absent when trying again by ourselves would be wrong. */
      readonly retryAt?: Date;
    };

/** What we found out on the way in. */
export interface Access {
  readonly driver: DriverName;
  /** Why that driver, in the user's words. */
  readonly driverReason: string;
  /** `user@address:port`, as OpenSSH resolved it. `local` for this machine. */
  readonly destination: string;
  /** How the host key was verified: `SHA256:… in ~/.ssh/known_hosts:12`. Absent for this machine. */
  readonly hostKey?: string;
  readonly login: { readonly user?: string; readonly uid?: number; readonly how: string };
  readonly privilege: Privilege;
}

/** The way to one host: one connection, opened on first use, with a fast and a slow shell. */
export interface Link {
  readonly host: string;
  readonly state: () => LinkState;
  /** Called after each change of state. Returns the way to stop. */
  readonly subscribe: (listener: (state: LinkState) => void) => () => void;
  /** Lets us in unless we are. Rejects with `UnreachableError`; before `retryAt` with the last one, at once. */
  readonly open: () => Promise<Access>;
  /**
   * Resolves with any exit code. `Files` and `Look` go to the fast shell, many at a time in one write; commands to the
   * slow one, one at a time. A command that hangs costs its own answer and its channel only, and is not sent again
   * until its quarantine is over. Text is sanitised. Rejects with `UnreachableError`, `TimedOut`, `Unprivileged` or
   * `UnreadableOutput` (more than `maxBytes`).
   */
  readonly ask: (question: Question) => Promise<Output>;
  /**
   * Runs a command on a channel of its own until it ends or `signal` says so; then rejects with its reason. Without a
   * time limit unless the command has one. Lines are sanitised. Waits where the host has no channel free.
   */
  readonly follow: (
    command: Command,
    onLine: (line: string, from: "stdout" | "stderr") => void,
    signal: AbortSignal,
  ) => Promise<number>;
  /**
   * Runs a command on a channel of its own, with its input and its output as they are: bytes, which nobody filters. Waits
   * where the host has no channel free. Both ends must be used, or it stalls.
   */
  readonly stream: (command: Command, signal: AbortSignal) => Promise<Stream>;
  /** A TCP connection made by the host. Rejects with `ForwardRefused` when its SSH server forbids that. */
  readonly forward: (address: string, port: number) => Promise<Duplex>;
  /** Ends the connection and forgets why it failed: `open` tries again then, whatever it was. */
  readonly close: () => Promise<void>;
}

/** A command that is running, and its two ends. */
export interface Stream {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /**
   * Resolves when it has ended, with its exit code and the last that it said on standard error, sanitised. Rejects with
   * `UnreachableError` where nobody knows how it ended, and with the reason of the signal.
   */
  readonly ended: Promise<{ readonly exitCode: number; readonly stderr: string }>;
  /** Gives it up: its input ends. What reads it must not take that for the end of all that there was. */
  readonly close: () => void;
}

/** The one door to the hosts. */
export interface Transport {
  /** The same link for the same host each time. Throws `UsageError` when the inventory has no such host. */
  readonly link: (host: string) => Link;
  readonly close: () => Promise<void>;
}
