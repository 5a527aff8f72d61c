/** Something failed in a way we foresaw. Anything else that is thrown is a bug (exit code 70). */
export abstract class Failure extends Error {
  /** Stable, for `--json` and for tests. */
  abstract readonly code: string;
  /** What the process ends with when nobody catches it. The one table is in the README. */
  abstract readonly exitCode: number;
  /** What the user can do about it, in one sentence. */
  readonly hint?: string;

  constructor(message: string, options: { cause?: unknown; hint?: string | undefined } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    if (options.hint !== undefined) this.hint = options.hint;
  }
}

/** The words on the command line are wrong. */
export class UsageError extends Failure {
  readonly code = "usage";
  readonly exitCode = 2;
}

/** The user's file is wrong. The message has one line an issue: `file:line:column: field: what is expected`. */
export class InventoryError extends Failure {
  readonly code = "inventory";
  readonly exitCode = 2;
}

/**
 * What kept us out. `incompatible`: the host is there, and as it is set up we cannot work with it. `config`: what is
 * wrong is on our side.
 */
export type UnreachableReason =
  | "dns"
  | "connect"
  | "timeout"
  | "host-key"
  | "auth"
  | "incompatible"
  | "dropped"
  | "config";

/** The host did not let us in, or we lost it. Never tried again by itself for `host-key` and `config`. */
export class UnreachableError extends Failure {
  readonly code = "unreachable";
  readonly exitCode = 3;
  readonly reason: UnreachableReason;

  constructor(
    reason: UnreachableReason,
    message: string,
    options: { cause?: unknown; hint?: string | undefined } = {},
  ) {
    super(message, options);
    this.reason = reason;
  }
}

/** The host answered: no. The message has host, exact command, exit code and the last lines of stderr. */
export class CommandFailed extends Failure {
  readonly code = "command";
  readonly exitCode = 4;
}

/** The host is there, and this one question was not answered in its time. */
export class TimedOut extends Failure {
  readonly code = "timeout";
  readonly exitCode = 4;
}

/** The question needs root (or another user), and we have no way to become it. */
export class Unprivileged extends Failure {
  readonly code = "unprivileged";
  readonly exitCode = 4;
}

/** The host answered, and we did not understand. A recording of it is a bug report. */
export class UnreadableOutput extends Failure {
  readonly code = "unreadable";
  readonly exitCode = 4;
}

/** The host's SSH server does not let us make connections through it. */
export class ForwardRefused extends Failure {
  readonly code = "forward";
  readonly exitCode = 4;
}

/** We would not act: locked, stale, unconfirmed, protected, read-only, or against a policy. Nothing was changed. */
export class Refused extends Failure {
  readonly code = "refused";
  readonly exitCode = 6;
}

/** Something was changed and not walked back, or nobody can know whether it was. A human must look. */
export class InDoubt extends Failure {
  readonly code = "in-doubt";
  readonly exitCode = 5;
}
