import type { Duplex } from "node:stream";
import type { Client, ClientChannel } from "ssh2";
import { UnreachableError } from "../../errors.ts";
import { type Channel, ChannelRefused, type Exit } from "../driver.ts";
import { sanitiseLine } from "../sanitise.ts";
import { toConnectFailed, toForwardRefused } from "./forward-refusal.ts";

// RFC 4254, 5.1.
const refusedReasons = { connectFailed: 2 };

/** Starts a program; see `Connection.channel`. */
export function openChannel(
  client: Client,
  host: string,
  constant: string,
  whyEnded: () => UnreachableError | undefined,
): Promise<Channel> {
  return new Promise((resolve, reject) => {
    const onOpen = (error: (Error & { reason?: unknown }) | undefined, stream: ClientChannel) => {
      if (!error) resolve(toChannel(stream));
      // What kept us from a channel is either the server's no, or the end of all of them.
      else reject(whyEnded() ?? new ChannelRefused(sanitiseLine(error.message)));
    };
    try {
      client.exec(constant, onOpen);
    } catch (error) {
      // Thrown after the connection is gone.
      reject(new UnreachableError("dropped", `The connection to ${host} is gone.`, { cause: error }));
    }
  });
}

function toChannel(stream: ClientChannel): Channel {
  let exit: Exit = {};
  stream.on("exit", (code: number | null, signal?: string) => {
    exit = code === null ? (signal === undefined ? {} : { signal }) : { code };
  });
  for (const each of [stream, stream.stderr]) each.on("error", () => {});
  return {
    stdin: stream,
    stdout: stream,
    stderr: stream.stderr,
    ended: new Promise((resolve) => stream.on("close", () => resolve(exit))),
    close: () => {
      stream.close();
    },
  };
}

/** Connects from the host; see `Connection.forward`. */
export function openForward(client: Client, host: string, address: string, port: number): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    try {
      client.forwardOut("127.0.0.1", 0, address, port, (error, stream) => {
        if (!error) {
          stream.on("error", () => {});
          resolve(stream);
          return;
        }
        const { reason } = error as Error & { reason?: unknown };
        const way = { host, address, port };
        if (reason === refusedReasons.connectFailed) reject(toConnectFailed(way, error.message, error));
        else if (typeof reason === "number") reject(toForwardRefused(way, error.message, error));
        else {
          const said = `${host} to ${address}:${port}: ${sanitiseLine(error.message)}`;
          reject(new UnreachableError("dropped", said, { cause: error }));
        }
      });
    } catch (error) {
      reject(new UnreachableError("dropped", `The connection to ${host} is gone.`, { cause: error }));
    }
  });
}
