import { Duplex } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { UnreachableError } from "../../errors.ts";
import { type Channel, ChannelRefused } from "../driver.ts";
import { toConnectFailed, toForwardRefused } from "./forward-refusal.ts";
import { startChild } from "./local.ts";
import type { MasterLog } from "./openssh-log.ts";

/** A client of the master. Were the master gone, it would connect by itself, without our rules: hence `false`. */
export function clientWords(controlPath: string, ...words: string[]): string[] {
  return ["-F", "none", "-S", controlPath, "-o", "ProxyCommand=false", "-o", "BatchMode=yes", ...words];
}

// The client ends with 255 when the master is lost, or the session without an exit status.
const lost = 255;

/** Starts a program through the master; see `Connection.channel`. */
export async function openSession(
  controlPath: string,
  log: MasterLog,
  constant: string,
  masterEnded: Promise<UnreachableError>,
): Promise<Channel> {
  const next = log.nextChannel();
  const channel = startChild(
    "ssh",
    clientWords(controlPath, "-T", "-o", "LogLevel=ERROR", "--", "scrap", constant),
  );
  const outcome = await Promise.race([
    next,
    masterEnded,
    // When the connection ends, its clients may know before its master does.
    channel.exited.then(() =>
      Promise.race([next, masterEnded, setTimeout(500, { refusal: "the session ended before it began" })]),
    ),
  ]);
  if (outcome instanceof UnreachableError) throw outcome;
  if (outcome.refusal !== undefined) throw new ChannelRefused(outcome.refusal);
  return { ...channel, ended: channel.ended.then((exit) => (exit.code === lost ? {} : exit)) };
}

/** Connects from the host, through the master; see `Connection.forward`. */
export function openForward(
  host: string,
  controlPath: string,
  log: MasterLog,
  address: string,
  port: number,
): Promise<Duplex> {
  const next = log.nextChannel();
  const target = `${address.includes(":") ? `[${address}]` : address}:${port}`;
  const child = startChild("ssh", clientWords(controlPath, "-v", "-W", target, "--", "scrap"));
  return new Promise((resolve, reject) => {
    let said = "";
    let isOpen = false;
    child.stderr
      .on("data", (bytes: Buffer) => {
        if (said.length < 64 * 1024) said += bytes.toString("latin1");
        if (!isOpen && /mux_client_request_stdio_fwd: master session id/.test(said)) {
          isOpen = true;
          resolve(toDuplex(child));
        }
      })
      .resume();
    void child.exited.then(async () => {
      // The master says why on its own stderr, maybe a moment later.
      const { refusal } = await Promise.race([next, setTimeout(500, { refusal: undefined })]);
      const way = { host, address, port };
      if (refusal === undefined)
        reject(new UnreachableError("dropped", `${host} to ${address}:${port}: the connection is gone.`));
      else if (refusal.startsWith("connect failed")) reject(toConnectFailed(way, refusal));
      else reject(toForwardRefused(way, refusal));
    });
  });
}

/** Both ways of a channel in one. Unlike `Duplex.from` it brings all that was said before the program ended. */
function toDuplex({ stdin, stdout, close }: Channel): Duplex {
  const duplex = new Duplex({
    read: () => {
      stdout.resume();
    },
    write: (bytes, _encoding, done) => {
      stdin.write(bytes, () => done());
    },
    final: (done) => {
      stdin.end();
      done();
    },
    destroy: (error, done) => {
      close();
      done(error);
    },
  });
  stdout.on("data", (bytes: Buffer) => {
    if (!duplex.push(bytes)) stdout.pause();
  });
  stdout.on("close", () => duplex.push(null));
  return duplex.on("error", () => {});
}
