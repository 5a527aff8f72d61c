import { connect, createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { command } from "../../src/command/command.ts";
import { TimedOut, UnreachableError } from "../../src/errors.ts";
import { createTransport } from "../../src/transport/create-transport.ts";
import type { Link } from "../../src/transport/transport.ts";
import {
  aHost,
  type Bench,
  createBench,
  hostMap,
  keyPart,
  missingSshd,
  type Sshd,
  sshConfigOf,
  startSshd,
} from "./sshd.ts";

const patiently = { timeout: 10_000, interval: 100 };

/** What happens to bytes on their way. Each way has its own. */
interface Fault {
  readonly delayMs?: number;
  readonly sliceBytes?: number;
  readonly cutAfterBytes?: number;
  readonly silentAfterBytes?: number;
}

interface Way {
  readonly toHost?: Fault;
  readonly toUs?: Fault;
}

/** A TCP proxy that mistreats what goes through it. */
async function startProxy(
  port: number,
): Promise<{ port: number; way: (way: Way) => void; cut: () => void; close: () => void }> {
  let way: Way = {};
  const sockets = new Set<Socket>();
  const pass = (from: Socket, to: Socket, faultOf: () => Fault | undefined) => {
    let passed = 0;
    from.on("data", (bytes: Buffer) => {
      const { delayMs = 0, sliceBytes = bytes.length, cutAfterBytes, silentAfterBytes } = faultOf() ?? {};
      if (silentAfterBytes !== undefined && passed >= silentAfterBytes) return;
      if (cutAfterBytes !== undefined && passed + bytes.length > cutAfterBytes) {
        to.write(bytes.subarray(0, Math.max(0, cutAfterBytes - passed)), () => {
          from.destroy();
          to.destroy();
        });
        return;
      }
      passed += bytes.length;
      const send = () => {
        for (let at = 0; at < bytes.length; at += sliceBytes)
          if (to.writable) to.write(bytes.subarray(at, at + sliceBytes));
      };
      if (delayMs === 0) send();
      else setTimeout(send, delayMs);
    });
    from.on("error", () => {});
    from.on("close", () => to.destroy());
  };
  const server: Server = createServer((us) => {
    const host = connect(port, "127.0.0.1");
    for (const socket of [us, host]) {
      socket.setNoDelay(true);
      sockets.add(socket);
    }
    pass(us, host, () => way.toHost);
    pass(host, us, () => way.toUs);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    way: (next) => {
      way = next;
    },
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

describe.skipIf(missingSshd !== undefined)(missingSshd ?? "a bad network", () => {
  let bench: Bench;
  let sshd: Sshd;

  beforeAll(async () => {
    bench = createBench();
    sshd = await startSshd(bench);
    bench.write("known_hosts", `box ${keyPart(bench.read("host.pub"))}\n`);
  });

  afterAll(() => {
    sshd.stop();
    bench.remove();
  });

  const echo = async (link: Link) => (await link.ask(command("echo", "well"))).stdout;

  const over = async (
    driver: "ssh2" | "openssh",
    play: (link: Link, proxy: Awaited<ReturnType<typeof startProxy>>) => Promise<void>,
  ) => {
    const proxy = await startProxy(sshd.port);
    const folder = createBench();
    folder.write("known_hosts", bench.read("known_hosts"));
    folder.write("client", bench.read("client"));
    const transport = createTransport({
      hosts: hostMap(aHost("box", { transport: driver })),
      sshConfig: sshConfigOf(
        folder,
        `Host box\n  HostName 127.0.0.1\n  Port ${proxy.port}\n  HostKeyAlias box\n`,
      ),
      patience: {
        readyTimeoutMs: 5000,
        channelTimeoutMs: 2500,
        fastTimeoutMs: 2000,
        slowStartTimeoutMs: 3000,
        graceMs: 1000,
        keepaliveMs: 1000,
        backOffMs: () => 1,
      },
    });
    try {
      await play(transport.link("box"), proxy);
    } finally {
      await transport.close();
      proxy.close();
      folder.remove();
    }
  };

  describe.each(["ssh2", "openssh"] as const)("over %s", (driver) => {
    it.concurrent.each<[string, Way]>([
      ["slices everything to single bytes", { toHost: { sliceBytes: 1 }, toUs: { sliceBytes: 1 } }],
      ["takes a fifth of a second each way", { toHost: { delayMs: 200 }, toUs: { delayMs: 200 } }],
    ])("that %s brings the right answers", (_name, way) =>
      over(driver, async (link, proxy) => {
        proxy.way(way);
        expect(await echo(link)).toBe("well\n");
        expect((await link.ask({ programs: ["sh"], paths: ["/bin/sh"] })).stdout).toContain("/bin/sh\n");
      }),
    );

    it.concurrent.each([0, 1, 20, 100, 1000, 1500, 2000, 2500, 3000, 3500, 4000])(
      "that is cut after %d bytes of the host loses nothing but time",
      (cutAfterBytes) =>
        over(driver, async (link, proxy) => {
          proxy.way({ toUs: { cutAfterBytes } });
          const result = await echo(link).catch((error: unknown) => error);
          if (result !== "well\n") expect(result).toBeInstanceOf(UnreachableError);
          proxy.way({});
          proxy.cut();
          await vi.waitFor(() => expect(link.state().status).toBe("down"), patiently);
          await vi.waitFor(async () => expect(await echo(link)).toBe("well\n"), patiently);
        }),
    );

    it.concurrent.each([0, 10, 200, 1500])(
      "that is cut after %d bytes of ours does no harm either",
      (cutAfterBytes) =>
        over(driver, async (link, proxy) => {
          proxy.way({ toHost: { cutAfterBytes } });
          await expect(echo(link)).rejects.toBeInstanceOf(UnreachableError);
        }),
    );

    it.concurrent.each<[string, Way]>([
      ["both ways", { toHost: { silentAfterBytes: 0 }, toUs: { silentAfterBytes: 0 } }],
      ["towards us", { toUs: { silentAfterBytes: 0 } }],
      ["towards the host", { toHost: { silentAfterBytes: 0 } }],
    ])("that swallows everything %s is found out, and left when it mends", (_name, way) =>
      over(driver, async (link, proxy) => {
        expect(await echo(link)).toBe("well\n");
        proxy.way(way);
        const question = { programs: ["sh"], paths: ["/"] };
        await expect(link.ask(question)).rejects.toBeInstanceOf(TimedOut);
        await vi.waitFor(() => expect(link.state().status).toBe("down"), patiently);
        expect(link.state()).toMatchObject({ error: expect.any(UnreachableError) });
        proxy.way({});
        // What was not answered because of the network is no bad question.
        await vi.waitFor(async () => expect((await link.ask(question)).exitCode).toBe(0), patiently);
      }),
    );

    it("that swallows everything from the start keeps us no longer than we want to wait", () =>
      over(driver, async (link, proxy) => {
        proxy.way({ toUs: { silentAfterBytes: 0 } });
        await expect(link.open()).rejects.toMatchObject({ reason: "timeout" });
      }));
  });
});
