import { UnreachableError, type UnreachableReason } from "../errors.ts";
import { backOffMs } from "./backoff.ts";
import type { Connection } from "./driver.ts";

/** The one connection to a host, made when it is first needed and shared by all who need it. */
export interface Connector {
  /** Rejects with `UnreachableError`; before `retryAt` with the last one, at once. */
  readonly connect: () => Promise<Connection>;
  /** When `connect` will try again. Absent while it is up, and when trying again by itself would be wrong. */
  readonly retryAt: () => Date | undefined;
  /** Ends the connection and forgets the failures. */
  readonly close: () => void;
  /** What follows a connection that was made and is of no use counts as a failure to connect. */
  readonly fail: (error: UnreachableError) => void;
}

// A person has to look first; nothing changes by asking again.
const final: readonly UnreachableReason[] = ["host-key", "config"];

// Somebody may mend it over there, and servers ban those who fail to log in too often: fail2ban after five times in ten
// minutes, OpenSSH by PerSourcePenalties.
const slow: readonly UnreachableReason[] = ["auth", "incompatible"];
const slowly = { leastMs: 5 * 60_000, mostMs: 60 * 60_000 };

// A connection that lived shorter than that does not prove that things are well.
const provenAfterMs = 30_000;

export function createConnector(
  open: () => Promise<Connection>,
  delayMs: (failures: number) => number = backOffMs,
): Connector {
  let current: Promise<Connection> | undefined;
  let lastError: UnreachableError | undefined;
  let retryAt: Date | undefined;
  let failures = 0;
  let generation = 0;

  const remember = (error: UnreachableError) => {
    current = undefined;
    lastError = error;
    const waitMs = slow.includes(error.reason) ? backOffMs(failures, slowly) : delayMs(failures);
    retryAt = final.includes(error.reason) ? undefined : new Date(Date.now() + waitMs);
    failures++;
  };

  const start = async (): Promise<Connection> => {
    const mine = generation;
    const openedAt = Date.now();
    try {
      const connection = await open();
      if (mine !== generation) {
        connection.close();
        throw new UnreachableError("dropped", "The connection was closed while it was being made.");
      }
      lastError = undefined;
      retryAt = undefined;
      void connection.ended.then((error) => {
        if (mine !== generation) return;
        if (Date.now() - openedAt > provenAfterMs) failures = 0;
        generation++;
        remember(error);
      });
      return connection;
    } catch (error) {
      const failure = toUnreachable(error);
      if (mine === generation) remember(failure);
      throw failure;
    }
  };

  return {
    connect: () => {
      if (current !== undefined) return current;
      if (lastError && (!retryAt || retryAt.getTime() > Date.now())) return Promise.reject(lastError);
      current = start();
      return current;
    },
    retryAt: () => retryAt,
    fail: (error) => {
      const broken = current;
      generation++;
      remember(error);
      void broken?.then(
        (connection) => connection.close(),
        () => {},
      );
    },
    close: () => {
      const open = current;
      generation++;
      [current, lastError, retryAt, failures] = [undefined, undefined, undefined, 0];
      void open?.then(
        (connection) => connection.close(),
        () => {},
      );
    },
  };
}

function toUnreachable(error: unknown): UnreachableError {
  if (error instanceof UnreachableError) return error;
  throw error;
}
