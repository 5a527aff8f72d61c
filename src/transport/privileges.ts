import {
  type Command,
  defaultMaxBytes,
  defaultTimeoutMs,
  type Input,
  type Output,
  type Privilege,
  quote,
  toShell,
} from "../command/command.ts";
import { Unprivileged } from "../errors.ts";
import type { Host } from "../inventory/host.ts";
import { becomeRoot, isRefusal, jobConstant, refusedError } from "./become.ts";
import type { Channel } from "./driver.ts";
import { createLane, type Lane, slowAtOnce } from "./lane.ts";
import type { Patience } from "./options.ts";
import { createQuarantine } from "./quarantine.ts";
import { type AskSecret, resolveSecret } from "./secrets.ts";
import type { Session } from "./session.ts";
import { createShell, type Shell } from "./shell.ts";

/** Runs commands as who they need to be. */
export interface Privileges {
  readonly run: (session: Session, command: Command) => Promise<Output>;
  /** How a command is to be said where there is no password to give. Throws `Unprivileged` when we cannot become it. */
  readonly privilegeFor: (session: Session, command: Command) => Privilege;
  /** A channel on which `inner` runs as root by password; undefined when no password is needed, or there is none. */
  readonly rootChannel: (session: Session, command: Command, inner: string) => Promise<Channel | undefined>;
  /** The connection is over. */
  readonly forget: (session: Session) => void;
  /** The user begins again: what was refused may be asked for once more. */
  readonly reset: () => void;
}

// sudo reports each refusal to the host's log, and maybe by mail.
const refusalLastsMs = 10 * 60_000;

export function createPrivileges(host: Host, patience: Patience, askSecret?: AskSecret): Privileges {
  const refused = new Map<string, { readonly untilMs: number; readonly error: Unprivileged }>();
  const rootLanes = new Map<Session, Promise<Lane>>();
  let passwordFailed: Unprivileged | undefined;
  let kept: Buffer | undefined;

  const privilegeFor = ({ privilege, uid }: Session, command: Command): Privilege => {
    const { asRoot, asUser } = command;
    if (asUser ? asUser.uid === uid : !asRoot) return "none";
    if (privilege !== "none") return privilege;
    throw refusedError(
      host.name,
      toShell(command),
      host.become === "none"
        ? "Say `become: sudo` or `become: doas` for this host."
        : `${host.name} has no ${host.become}.`,
    );
  };

  const hasPassword = () => host.becomePassword !== undefined || askSecret !== undefined;

  /** Once a session: nobody wants to type it for every log. */
  const readPassword = async (): Promise<Buffer | undefined> => {
    kept ??= await (host.becomePassword === undefined
      ? askSecret?.({ host: host.name, kind: "become-password", of: host.become })
      : resolveSecret(host.becomePassword));
    return kept;
  };

  const forgetPassword = () => {
    kept?.fill(0);
    kept = undefined;
  };

  /** Tried once: a second try with the same password could lock the account. */
  const openRoot = async (session: Session, inner: string): Promise<Channel> => {
    if (passwordFailed) throw passwordFailed;
    const by = session.privilege === "doas" ? "doas" : "sudo";
    const password = await readPassword();
    if (!password) {
      passwordFailed = refusedError(
        host.name,
        `${by} wants a password, and none was given`,
        "Give it with -K, or name in the inventory where it is kept: becomePassword.",
      );
      throw passwordFailed;
    }
    const channel = await session.openChannel(jobConstant);
    try {
      await becomeRoot(host.name, channel, { by, inner, password, timeoutMs: patience.channelTimeoutMs });
      return channel;
    } catch (error) {
      if (error instanceof Unprivileged) passwordFailed = error;
      forgetPassword();
      throw error;
    }
  };

  const rootLane = (session: Session): Promise<Lane> => {
    const lane = rootLanes.get(session) ?? startRootLane(session);
    rootLanes.set(session, lane);
    lane.catch(() => rootLanes.delete(session));
    return lane;
  };

  const startRootLane = async (session: Session): Promise<Lane> => {
    const openShell = async (): Promise<Shell> =>
      createShell(host.name, await openRoot(session, "exec /bin/sh -s"));
    const lane = createLane({
      openShell,
      quarantine: createQuarantine(host.name, { leastMs: patience.quarantineMs }),
      abandoned: new Set(),
      heldMs: patience.quarantineMs,
      mostAtOnce: slowAtOnce,
    });
    const leave = await session.spare.enter();
    try {
      await lane.open();
      return lane;
    } catch (error) {
      leave();
      throw error;
    }
  };

  const say = async (
    session: Session,
    lane: Lane,
    command: Command,
    privilege: Privilege,
  ): Promise<Output> => {
    const timeoutMs = command.timeoutMs ?? defaultTimeoutMs;
    const hasTimeout = await session.hasTimeout();
    const text = toShell(command, privilege, hasTimeout ? "limited" : "unlimited");
    return lane.run({
      text,
      ...(command.input === undefined ? {} : { sent: await withInput(text, command.input) }),
      kind: "command",
      maxBytes: command.maxBytes ?? defaultMaxBytes,
      timeoutMs: timeoutMs + patience.graceMs,
      ...(hasTimeout ? { killedAfterMs: timeoutMs } : {}),
    });
  };

  const run = async (session: Session, command: Command): Promise<Output> => {
    const privilege = privilegeFor(session, command);
    if (privilege === "none" || privilege === "root") return say(session, session.slow, command, privilege);
    if (rootLanes.has(session)) return say(session, await rootLane(session), command, "root");
    const text = toShell(command, privilege);
    const last = refused.get(text);
    if (last && last.untilMs > Date.now()) throw last.error;
    const output = await say(session, session.slow, command, privilege);
    if (!isRefusal(output)) return output;
    const remember = (error: unknown): never => {
      if (error instanceof Unprivileged) refused.set(text, { untilMs: Date.now() + refusalLastsMs, error });
      throw error;
    };
    if (!hasPassword()) return remember(refusedError(host.name, text, output.stderr.trim()));
    const lane = await rootLane(session).catch(remember);
    return say(session, lane, command, "root");
  };

  return {
    privilegeFor,
    run,
    rootChannel: async (session, command, inner) => {
      if (["root", "none"].includes(privilegeFor(session, command)) || !hasPassword()) return undefined;
      // What is followed cannot be asked a second time: so something else finds out whether a password is needed.
      const isHarmless = run(session, { argv: ["true"], asRoot: true });
      await isHarmless.catch((error) => (error instanceof Unprivileged ? undefined : Promise.reject(error)));
      return rootLanes.has(session) ? openRoot(session, inner) : undefined;
    },
    forget: (session) => {
      void rootLanes.get(session)?.then(
        (lane) => lane.close(),
        () => {},
      );
      rootLanes.delete(session);
      refused.clear();
      forgetPassword();
    },
    reset: () => {
      passwordFailed = undefined;
      refused.clear();
    },
  };
}

/** `printf` is part of the shell: what it prints is in no list of processes. */
async function withInput(text: string, input: Input): Promise<string> {
  const value = "text" in input ? await withSecrets(input) : (await resolveSecret(input.secret)).toString();
  return `{ printf %s ${quote(value)} | ${text}; }`;
}

async function withSecrets({ text, secrets }: Extract<Input, { text: string }>): Promise<string> {
  if (!secrets) return text;
  const lines: string[] = [];
  for (const [name, reference] of Object.entries(secrets))
    lines.push(`${name}=${await resolveSecret(reference)}\n`);
  return `${lines.join("")}${text}`;
}
