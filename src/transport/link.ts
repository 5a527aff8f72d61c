import {
  type Command,
  defaultMaxBytes,
  isCommand,
  type Output,
  type Question,
  toShell,
} from "../command/command.ts";
import { UnreachableError } from "../errors.ts";
import type { Host } from "../inventory/host.ts";
import type { Dialler } from "./dial.ts";
import { follow } from "./follow.ts";
import type { Patience, TransportOptions } from "./options.ts";
import { createPrivileges } from "./privileges.ts";
import { createQuarantine } from "./quarantine.ts";
import { type Session, startSession } from "./session.ts";
import { startStream } from "./stream.ts";
import type { Access, Link, LinkState } from "./transport.ts";

/** The link to one host; see `Link`. */
export function createLink(
  host: Host,
  dialler: Dialler,
  patience: Patience,
  { askSecret, onAsked }: Pick<TransportOptions, "askSecret" | "onAsked">,
): Link {
  const connector = dialler.connector(host);
  const quarantine = createQuarantine(host.name, { leastMs: patience.quarantineMs });
  const privileges = createPrivileges(host, patience, askSecret);
  const listeners = new Set<(state: LinkState) => void>();
  let state: LinkState = { status: "idle" };
  let opening: Promise<Session> | undefined;

  const change = (next: LinkState) => {
    state = next;
    for (const listener of [...listeners]) listener(next);
  };

  const goDown = (error: UnreachableError) => {
    opening = undefined;
    const retryAt = connector.retryAt();
    change({ status: "down", since: new Date(), error, ...(retryAt ? { retryAt } : {}) });
  };

  const start = async (): Promise<Session> => {
    const connection = await connector.connect();
    let mine: Session | undefined;
    const onBroken = (error: UnreachableError) => {
      // Only the first who finds out: a new connection may be there by now.
      if (mine !== undefined && mine === currentSession) connector.fail(error);
    };
    try {
      mine = await dialler.starts.runSession(() =>
        startSession(host, connection, { patience, quarantine, starts: dialler.starts, onBroken }),
      );
      return mine;
    } catch (error) {
      if (error instanceof UnreachableError) connector.fail(error);
      throw error;
    }
  };

  let currentSession: Session | undefined;
  const openSession = (): Promise<Session> => {
    if (opening) return opening;
    if (state.status === "down" && (!state.retryAt || state.retryAt.getTime() > Date.now())) {
      return Promise.reject(state.error);
    }
    change({ status: "connecting", since: new Date() });
    const attempt = start();
    opening = attempt;
    attempt.then(
      (session) => {
        if (opening !== attempt) return session.close();
        currentSession = session;
        void session.connection.ended.then((error) => {
          privileges.forget(session);
          if (currentSession !== session) return;
          currentSession = undefined;
          goDown(error);
        });
        change({ status: "up", since: new Date(), access: toAccess(session) });
      },
      (error) => {
        if (opening !== attempt) return;
        if (error instanceof UnreachableError) goDown(error);
        else opening = undefined;
      },
    );
    return attempt;
  };

  const toAccess = ({ connection, uid, privilege }: Session): Access => ({
    driver: connection.driver,
    driverReason: dialler.choice(host)?.reason ?? "",
    destination: connection.destination,
    ...(connection.hostKey === undefined ? {} : { hostKey: connection.hostKey }),
    login: { ...connection.login, ...(uid === undefined ? {} : { uid }) },
    privilege,
  });

  // The same question is the same text: who keeps a log of all that was asked has thousands of them.
  const texts = new WeakMap<Session, WeakMap<Question, string>>();
  const textOf = (session: Session, question: Question): string => {
    const known = texts.get(session) ?? new WeakMap<Question, string>();
    const text = known.get(question) ?? toShell(question, session.privilege);
    texts.set(session, known.set(question, text));
    return text;
  };

  return {
    host: host.name,
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    open: async () => toAccess(await openSession()),
    ask: async (question: Question) => {
      const session = await openSession();
      const run = () =>
        isCommand(question)
          ? privileges.run(session, question)
          : session.fast.run({
              text: toShell(question),
              kind: "functions",
              maxBytes: defaultMaxBytes,
              timeoutMs: patience.fastTimeoutMs,
            });
      if (!onAsked) return run();
      return told({ host: host.name, text: () => textOf(session, question), onAsked }, run);
    },
    follow: async (command: Command, onLine, signal) => {
      signal.throwIfAborted();
      const session = await openSession();
      return follow(host, session, privileges, command, onLine, signal);
    },
    stream: async (command: Command, signal) => {
      signal.throwIfAborted();
      const session = await openSession();
      return startStream(host, session, privileges, command, signal);
    },
    forward: async (address, port) => {
      const session = await openSession();
      return session.connection.forward(address, port);
    },
    close: async () => {
      opening = undefined;
      const session = currentSession;
      currentSession = undefined;
      session?.close();
      connector.close();
      privileges.reset();
      await session?.connection.ended;
      if (state.status !== "idle") change({ status: "idle" });
    },
  };
}

interface Telling {
  readonly host: string;
  readonly text: () => string;
  readonly onAsked: NonNullable<TransportOptions["onAsked"]>;
}

/** Tells of a question when it is through, whatever became of it. */
async function told({ host, text, onAsked }: Telling, run: () => Promise<Output>): Promise<Output> {
  const at = new Date();
  const tell = (outcome: { readonly exitCode: number } | { readonly error: string }) =>
    onAsked({ host, at, tookMs: Date.now() - at.getTime(), text: text(), ...outcome });
  try {
    const output = await run();
    tell({ exitCode: output.exitCode });
    return output;
  } catch (error) {
    tell({ error: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}
