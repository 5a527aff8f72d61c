import { parseFiles, parseLook } from "../command/answers.ts";
import { defaultMaxBytes, type Privilege, type Question, toShell } from "../command/command.ts";
import { TimedOut, UnreachableError, UnreadableOutput } from "../errors.ts";
import type { Host } from "../inventory/host.ts";
import { withDeadline } from "./deadline.ts";
import { type Channel, ChannelRefused, type Connection } from "./driver.ts";
import { createGate, type Gate } from "./gate.ts";
import { createLane, type Lane, slowAtOnce } from "./lane.ts";
import type { Patience } from "./options.ts";
import type { Quarantine } from "./quarantine.ts";
import { createShell, type Shell, shellConstant } from "./shell.ts";
import type { Starts } from "./starts.ts";

/** One connection while it lasts: its shells, and who we are there. */
export interface Session {
  readonly connection: Connection;
  readonly fast: Lane;
  readonly slow: Lane;
  readonly uid?: number;
  readonly privilege: Privilege;
  /** Whether the host has a `timeout` that understands us. Asked once, when it is first needed. */
  readonly hasTimeout: () => Promise<boolean>;
  /** The places for channels beside the fast and the slow shell. */
  readonly spare: Gate;
  readonly openChannel: (constant: string) => Promise<Channel>;
  readonly close: () => void;
}

export interface SessionOptions {
  readonly patience: Patience;
  readonly quarantine: Quarantine;
  readonly starts: Starts;
  /** The host does not answer any more, and TCP has not told us yet. */
  readonly onBroken: (error: UnreachableError) => void;
}

/** Opens the fast shell and asks who we are: one channel, one write, one answer. */
export async function startSession(
  host: Host,
  connection: Connection,
  { patience, quarantine, starts, onBroken }: SessionOptions,
): Promise<Session> {
  const openChannel = async (constant: string): Promise<Channel> => {
    const opening = connection.channel(constant);
    try {
      return await withDeadline(
        opening,
        patience.channelTimeoutMs,
        () => new UnreachableError("timeout", `${host.name} does not answer any more.`),
      );
    } catch (error) {
      void opening.then(
        (channel) => channel.close(),
        () => {},
      );
      // Whoever takes so long for a channel is gone; TCP would tell us after minutes.
      if (error instanceof UnreachableError) onBroken(error);
      throw error;
    }
  };
  const openShell = async (): Promise<Shell> => createShell(host.name, await openChannel(shellConstant));
  const abandoned = new Set<Shell>();
  const shared = { quarantine, abandoned, heldMs: patience.quarantineMs };
  const fast = createLane({ ...shared, openShell, mostAtOnce: Number.POSITIVE_INFINITY });
  const slow = createLane({
    ...shared,
    // A server may grant a single session. Then both share it: slower, and as right.
    openShell: () =>
      openShell().catch((error) => (error instanceof ChannelRefused ? fast.open() : Promise.reject(error))),
    mostAtOnce: slowAtOnce,
  });

  const quick = { kind: "command", maxBytes: defaultMaxBytes, timeoutMs: patience.channelTimeoutMs } as const;
  const askQuickly = async (question: Question) =>
    (await fast.run({ ...quick, kind: "functions", text: toShell(question) })).stdout;
  const [status, found] = await Promise.all([
    askQuickly({ files: ["/proc/self/status"] }),
    askQuickly({ programs: ["sudo", "doas"], paths: [] }),
  ]).catch((error) => Promise.reject(toUnreachable(host.name, error)));
  const { programs } = parseLook(found);
  const uid =
    readUid(/^Uid:\s+\d+\s+(\d+)/m.exec(parseFiles(status).get("/proc/self/status") ?? "")?.[1] ?? "") ??
    readUid((await fast.run({ ...quick, text: "id -u" })).stdout);

  let timeoutIsThere: Promise<boolean> | undefined;
  return {
    connection,
    fast,
    slow,
    ...(uid === undefined ? {} : { uid }),
    privilege:
      uid === 0 ? "root" : host.become !== "none" && programs.has(host.become) ? host.become : "none",
    hasTimeout: () => {
      // An old BusyBox has one without -k.
      timeoutIsThere ??= starts
        .runSession(() =>
          slow.run({ ...quick, text: "timeout -k 1 1 true", timeoutMs: patience.slowStartTimeoutMs }),
        )
        .then(({ exitCode }) => exitCode === 0);
      timeoutIsThere.catch(() => {
        timeoutIsThere = undefined;
      });
      return timeoutIsThere;
    },
    // Four channels in all: those beside the shells are for root by password, and for what is followed.
    spare: createGate(2),
    openChannel,
    close: () => {
      fast.close();
      slow.close();
      connection.close();
    },
  };
}

/** What keeps a session from starting keeps us out. */
function toUnreachable(host: string, error: unknown): unknown {
  if (error instanceof ChannelRefused) {
    return new UnreachableError(
      "incompatible",
      `${host} lets us in and grants us no session: ${error.message}`,
    );
  }
  if (error instanceof TimedOut) return new UnreachableError("timeout", error.message, { cause: error });
  if (error instanceof UnreadableOutput)
    return new UnreachableError("incompatible", error.message, { cause: error });
  return error;
}

const readUid = (text: string) => (/^\d+\s*$/.test(text) ? Number(text) : undefined);
