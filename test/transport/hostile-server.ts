import { type ChildProcess, spawn } from "node:child_process";
import { createServer, type Server as NetServer, type Socket } from "node:net";
import ssh2, { type AuthContext, type Connection, type ServerChannel, type Session } from "ssh2";

/** What a server does other than a good one. Each hook replaces what a good one would do at that point. */
export interface Behaviour {
  /** Speaks no SSH at all. */
  readonly raw?: (socket: Socket) => void;
  readonly banner?: string;
  readonly onAuthentication?: (context: AuthContext, client: Connection) => void;
  readonly onReady?: (client: Connection) => void;
  /** `count` sessions were asked for on this connection before. Returns whether it did all there is to do. */
  readonly onSession?: (turn: {
    accept: () => Session;
    reject: () => void;
    count: number;
    client: Connection;
  }) => boolean;
  /** Returns whether it did all there is to do. */
  readonly onExec?: (turn: {
    accept: () => ServerChannel;
    reject: () => void;
    client: Connection;
    count: number;
  }) => boolean;
  /** Stands between the real shell and the channel. */
  readonly onStdout?: (bytes: Buffer, to: Exit) => void;
  readonly onStderr?: (bytes: Buffer, to: Exit) => void;
  readonly forbidsForward?: boolean;
  /** The host key of the n-th connection. */
  readonly keyOf?: (connection: number) => "own" | "other";
}

/** Where output goes, for a behaviour. `state` is kept for the channel. */
export interface Exit {
  readonly channel: ServerChannel;
  readonly client: Connection;
  readonly socket: Socket;
  readonly child: ChildProcess;
  readonly state: Map<string, number>;
}

export interface HostileServer {
  readonly port: number;
  readonly connections: () => number;
  readonly close: () => void;
}

/** An SSH server in this process. A good one has real shells behind it. */
export async function startHostile(
  behaviour: Behaviour,
  keys: { readonly own: string; readonly other: string },
): Promise<HostileServer> {
  const sockets = new Set<Socket>();
  const children = new Set<ChildProcess>();
  let connections = 0;
  const serve = (key: string, socket: Socket) => {
    const server = new ssh2.Server(
      { hostKeys: [key], ...(behaviour.banner === undefined ? {} : { banner: behaviour.banner }) },
      (client) => play(client, behaviour, socket, children),
    );
    server.on("error", () => {});
    server.injectSocket(socket);
  };
  const net: NetServer = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.setNoDelay(true);
    const key = behaviour.keyOf?.(connections) === "other" ? keys.other : keys.own;
    connections++;
    if (behaviour.raw) behaviour.raw(socket);
    else serve(key, socket);
  });
  await new Promise<void>((resolve) => net.listen(0, "127.0.0.1", resolve));
  const address = net.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    connections: () => connections,
    close: () => {
      for (const socket of sockets) socket.destroy();
      for (const child of children) child.kill("SIGKILL");
      net.close();
    },
  };
}

function play(client: Connection, behaviour: Behaviour, socket: Socket, children: Set<ChildProcess>): void {
  let sessions = 0;
  client.on("error", () => {});
  client.on("authentication", (context) => {
    if (behaviour.onAuthentication) behaviour.onAuthentication(context, client);
    else if (context.method === "publickey") context.accept();
    else context.reject(["publickey"]);
  });
  client.on("ready", () => behaviour.onReady?.(client));
  // Without a listener ssh2 says `administratively prohibited`.
  if (!behaviour.forbidsForward) client.on("tcpip", (_accept, reject) => reject());
  client.on("session", (accept, reject) => {
    const count = sessions++;
    if (behaviour.onSession?.({ accept, reject, count, client })) return;
    const session = accept();
    session.on("exec", (acceptExec, rejectExec, { command }) => {
      if (behaviour.onExec?.({ accept: acceptExec, reject: rejectExec, client, count })) return;
      run(acceptExec(), command);
    });
  });

  const run = (channel: ServerChannel, command: string) => {
    const child = spawn("/bin/sh", ["-c", command]);
    children.add(child);
    const exit: Exit = { channel, client, socket, child, state: new Map() };
    channel.on("error", () => {});
    child.stdin.on("error", () => {});
    channel.pipe(child.stdin);
    child.stdout.on("data", (bytes: Buffer) =>
      behaviour.onStdout ? behaviour.onStdout(bytes, exit) : channel.write(bytes),
    );
    child.stderr.on("data", (bytes: Buffer) =>
      behaviour.onStderr ? behaviour.onStderr(bytes, exit) : channel.stderr.write(bytes),
    );
    child.on("close", (code) => {
      children.delete(child);
      channel.exit(code ?? 255);
      channel.end();
    });
    channel.on("close", () => child.kill("SIGKILL"));
  };
}
