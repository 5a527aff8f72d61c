import { createServer, type Socket } from "node:net";
import ssh2, { type AuthContext, type Connection, type ParsedKey, type ServerChannel } from "ssh2";
import { type Access, login } from "./access.ts";
import type { Surroundings } from "./answers/tool.ts";
import { answerForward } from "./listeners.ts";
import { createMachine } from "./machine.ts";
import { serveExec, serveShell } from "./serve-exec.ts";
import { serveTerminal } from "./serve-terminal.ts";

/** The SSH server of one simulated host. */
export interface SshServer {
  readonly port: () => number;
  /** On the same port each time, as a host that comes back does. */
  readonly listen: () => Promise<void>;
  /** Cuts everybody off, as when the power goes. */
  readonly cut: () => Promise<void>;
}

export function createSshServer(access: Access, surroundings: () => Surroundings): SshServer {
  const sockets = new Set<Socket>();
  let port = 0;
  let listening: Promise<void> | undefined;
  const ssh = new ssh2.Server(
    { hostKeys: [access.hostKey], ident: "OpenSSH_10.0p2 Debian-7" },
    (connection) => welcome(connection, access.clientKey, surroundings),
  );
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    ssh.injectSocket(socket);
  });
  return {
    port: () => port,
    listen: () => {
      listening ??= new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, "127.0.0.1", () => {
          server.off("error", reject);
          const address = server.address();
          if (address !== null && typeof address === "object") port = address.port;
          resolve();
        });
      });
      // Somebody else may have taken the port meanwhile: then it is tried again.
      listening.catch(() => {
        listening = undefined;
      });
      return listening;
    },
    cut: async () => {
      if (!listening) return;
      await listening;
      listening = undefined;
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function welcome(connection: Connection, key: ParsedKey, surroundings: () => Surroundings): void {
  connection.on("error", () => {});
  sayWhyRefused(connection);
  connection.on("authentication", (context) => {
    if (isOurs(context, key)) context.accept();
    else context.reject(["publickey"]);
  });
  connection.on("session", (accept) => {
    const session = accept();
    const machine = createMachine(surroundings);
    let isAtTerminal = false;
    session.on("pty", (acceptPty) => {
      isAtTerminal = true;
      acceptPty();
    });
    session.on("exec", (acceptExec, _reject, { command }) =>
      serveExec(quiet(acceptExec()), command, machine),
    );
    session.on("shell", (acceptShell) => {
      const channel = quiet(acceptShell());
      if (isAtTerminal) serveTerminal(channel, surroundings().host.name, machine);
      else serveShell(channel, machine);
    });
  });
  connection.on("tcpip", (accept, reject, { destIP, destPort }) =>
    answerForward(surroundings, destIP, destPort, accept, reject),
  );
}

/** OpenSSH says why it could not connect further. The library leaves that empty, and offers no way to say it. */
function sayWhyRefused(connection: Connection): void {
  const { _protocol: protocol } = connection as unknown as {
    readonly _protocol?: { channelOpenFail: (channel: number, reason: number, text: string) => void };
  };
  const refuse = protocol?.channelOpenFail.bind(protocol);
  if (!protocol || !refuse) return;
  protocol.channelOpenFail = (channel, reason, text) => refuse(channel, reason, text || "Connection refused");
}

/** A client that goes away is no failure of ours. */
function quiet(channel: ServerChannel): ServerChannel {
  return channel.on("error", () => {});
}

/** Without a signature it is asked only whether the key would do. */
function isOurs(context: AuthContext, key: ParsedKey): boolean {
  if (context.method !== "publickey" || context.username !== login) return false;
  if (!key.getPublicSSH().equals(context.key.data)) return false;
  const { signature, blob, hashAlgo } = context;
  return signature === undefined || blob === undefined || key.verify(blob, signature, hashAlgo) === true;
}
