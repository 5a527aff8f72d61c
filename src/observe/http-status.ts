import { createRequire } from "node:module";
import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import type { Link } from "../transport/transport.ts";

/** Not by an import: that reads all that `node:http` has, which loads a whole client for WebSockets. */
const load = createRequire(import.meta.url);

/** What a URL answers when its host is asked. Without `insecure` a certificate must be of that name or address. */
export async function getStatus(
  url: URL,
  insecure: boolean,
  link: Link,
  signal: AbortSignal,
): Promise<number> {
  const secure = url.protocol === "https:";
  const name = url.hostname.replace(/^\[|\]$/g, "");
  const socket = await link.forward(name, Number(url.port || (secure ? 443 : 80)));
  const close = () => socket.destroy();
  signal.addEventListener("abort", close, { once: true });
  return new Promise<number>((resolve, reject) => {
    const connection = secure ? startTls(socket, name, insecure) : socket;
    const http: typeof import("node:http") = load(secure ? "node:https" : "node:http");
    const request = http.request(
      url,
      // Without an agent: one would make connections of its own, from here.
      {
        signal,
        createConnection: () => connection as Duplex,
        headers: { connection: "close" },
      },
      (response) => {
        response.destroy();
        resolve(response.statusCode ?? 0);
      },
    );
    request.on("error", reject);
    socket.on("error", reject);
    request.end();
  }).finally(() => {
    signal.removeEventListener("abort", close);
    close();
  });
}

/** RFC 6066 has no addresses among the names that we may ask for; the certificate is held against them all the same. */
const startTls = (socket: Duplex, name: string, insecure: boolean) =>
  connectTls({
    socket,
    host: name,
    ...(isIP(name) === 0 ? { servername: name } : {}),
    rejectUnauthorized: !insecure,
  });
