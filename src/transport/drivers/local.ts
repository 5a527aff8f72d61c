import { connect } from "node:net";
import { userInfo } from "node:os";
import { execa } from "execa";
import { UnreachableError } from "../../errors.ts";
import { type Channel, ChannelRefused, type Connection } from "../driver.ts";
import { toConnectFailed } from "./forward-refusal.ts";

/** This machine: children instead of channels. */
export function openLocal(host: string): Connection {
  const channels = new Set<Channel>();
  let end: (error: UnreachableError) => void = () => {};
  const ended = new Promise<UnreachableError>((resolve) => {
    end = resolve;
  });
  return {
    driver: "local",
    destination: "local",
    login: { user: userInfo().username, how: "this process" },
    channel: async (constant) => {
      const channel = startChild("/bin/sh", ["-c", constant]);
      channels.add(channel);
      void channel.ended.then(() => channels.delete(channel));
      return channel;
    },
    forward: (address, port) =>
      new Promise((resolve, reject) => {
        const socket = connect(port, address);
        socket.setNoDelay(true);
        socket.once("error", (error) =>
          reject(toConnectFailed({ host, address, port }, error.message, error)),
        );
        socket.once("connect", () => {
          socket.on("error", () => {});
          resolve(socket);
        });
      }),
    ended,
    close: () => {
      for (const channel of channels) channel.close();
      end(new UnreachableError("dropped", `${host} was closed.`));
    },
  };
}

/** A channel to a program here. What the program started may hold its outputs open when it has exited itself. */
export interface Child extends Channel {
  readonly exited: Promise<void>;
}

/** A child as a channel. Throws `ChannelRefused` when it cannot be started. */
export function startChild(program: string, args: readonly string[]): Child {
  const child = execa(program, args, { buffer: false, reject: false, stdin: "pipe", cleanup: true });
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on("error", () => {});
  // Else what it says before somebody listens is thrown away.
  for (const stream of [child.stdout, child.stderr]) stream.pause();
  const ended = child.then(({ exitCode, signal }) => ({
    ...(exitCode === undefined ? {} : { code: exitCode }),
    ...(signal === undefined ? {} : { signal }),
  }));
  if (child.pid === undefined) throw new ChannelRefused(`${program} cannot be started.`);
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    ended,
    exited: new Promise((resolve) => child.nodeChildProcess.once("exit", () => resolve())),
    close: () => {
      child.stdin.destroy();
      child.kill("SIGHUP");
    },
  };
}
