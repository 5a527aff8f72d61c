import { createServer, type Socket } from "node:net";
import ssh2, { type AuthContext, type Connection, type ParsedKey, type ServerChannel } from "ssh2";
import { type Access, login } from "./access.ts";
import type { Surroundings } from "./answers/tool.ts";
import { answerForward } from "./listeners.ts";
import { serveExec } from "./serve-exec.ts";

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
  connection.on("authentication", (context) => {
    if (isOurs(context, key)) context.accept();
    else context.reject(["publickey"]);
  });
  connection.on("session", (accept) => {
    accept().on("exec", (acceptExec, _reject, { command }) => {
      const channel: ServerChannel = acceptExec();
      channel.on("error", () => {});
      serveExec(channel, command, surroundings);
    });
  });
  connection.on("tcpip", (accept, reject, { destIP, destPort }) =>
    answerForward(surroundings, destIP, destPort, accept, reject),
  );
}

/** Without a signature it is asked only whether the key would do. */
function isOurs(context: AuthContext, key: ParsedKey): boolean {
  if (context.method !== "publickey" || context.username !== login) return false;
  if (!key.getPublicSSH().equals(context.key.data)) return false;
  const { signature, blob, hashAlgo } = context;
  return signature === undefined || blob === undefined || key.verify(blob, signature, hashAlgo) === true;
}
