// slow-relay.ts PORT TARGET-PORT MILLISECONDS: relays connections, and hands on what the server says so much later.
import { connect, createServer } from "node:net";

const [port, targetPort, delay] = process.argv.slice(2).map(Number);

createServer((client) => {
  const server = connect(targetPort ?? 0, "127.0.0.1");
  client.on("error", () => server.destroy());
  server.on("error", () => client.destroy());
  client.pipe(server);
  server.on("data", (data) => setTimeout(() => client.write(data), delay));
  server.on("close", () => setTimeout(() => client.end(), delay));
}).listen(port);
