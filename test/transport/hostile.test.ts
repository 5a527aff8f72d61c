import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseFiles } from "../../src/command/answers.ts";
import { command } from "../../src/command/command.ts";
import { Failure, UnreachableError } from "../../src/errors.ts";
import { createTransport } from "../../src/transport/create-transport.ts";
import type { Link } from "../../src/transport/transport.ts";
import { type Hostility, hostilities } from "./hostile-behaviours.ts";
import { type Behaviour, startHostile } from "./hostile-server.ts";
import { aHost, type Bench, createBench, hasProgram, hostMap, keyPart, sshConfigOf } from "./sshd.ts";

const missing = hasProgram("ssh") ? undefined : "needs ssh (package openssh-client)";

async function askFiles(link: Link) {
  expect(parseFiles((await link.ask({ files: ["/proc/self/status"] })).stdout).size).toBe(1);
}

async function askCommand(link: Link) {
  expect(await link.ask(command("sh", "-c", "echo out; echo err >&2; exit 3"))).toMatchObject({
    exitCode: 3,
    stdout: "out\n",
    stderr: expect.stringContaining("err\n"),
  });
}

const steps: Record<string, (link: Link) => Promise<unknown>> = {
  open: (link: Link) => link.open(),
  files: askFiles,
  command: askCommand,
  forward: (link: Link) => link.forward("127.0.0.1", 1),
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: what must never be there
const drivesTerminal = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

describe.skipIf(missing !== undefined)(missing ?? "a hostile server", () => {
  let bench: Bench;
  let keys: { own: string; other: string };

  beforeAll(() => {
    bench = createBench();
    bench.makeKey("client");
    bench.write("known_hosts", `hostile ${keyPart(bench.makeKey("own"))}\n`);
    bench.makeKey("other");
    keys = { own: bench.read("own"), other: bench.read("other") };
  });

  afterAll(() => bench.remove());

  const start = async (behaviour: Behaviour, driver: "ssh2" | "openssh") => {
    const [bad, good] = [await startHostile(behaviour, keys), await startHostile({}, keys)];
    const folder = createBench();
    folder.write("known_hosts", bench.read("known_hosts"));
    folder.write("client", bench.read("client"));
    const entry = (name: string, port: number) =>
      `Host ${name}\n  HostName 127.0.0.1\n  Port ${port}\n  HostKeyAlias hostile\n`;
    const transport = createTransport({
      hosts: hostMap(aHost("bad", { transport: driver }), aHost("good", { transport: driver })),
      sshConfig: sshConfigOf(folder, entry("bad", bad.port) + entry("good", good.port)),
      patience: {
        readyTimeoutMs: 3000,
        channelTimeoutMs: 2000,
        fastTimeoutMs: 1500,
        slowStartTimeoutMs: 3000,
        graceMs: 500,
        quarantineMs: 60_000,
        backOffMs: () => 60_000,
      },
    });
    const stop = async () => {
      await transport.close();
      bad.close();
      good.close();
      folder.remove();
    };
    return { bad: transport.link("bad"), good: transport.link("good"), server: bad, stop };
  };

  const play = async (driver: "ssh2" | "openssh", hostility: Hostility) => {
    const { bad, good, stop } = await start(hostility, driver);
    try {
      let failure: unknown;
      for (const [name, step] of Object.entries(steps)) {
        if (name === "forward" && hostility.at !== "forward") continue;
        const [result, well] = await Promise.allSettled([step(bad), askCommand(good)]);
        // The others never notice.
        expect(well).toMatchObject({ status: "fulfilled" });
        if (name === hostility.at) {
          expect(result.status).toBe("rejected");
          failure = result.status === "rejected" ? result.reason : undefined;
          break;
        }
        expect(result).toMatchObject({ status: "fulfilled" });
      }
      if (hostility.at === undefined) return;
      expect(failure).toBeInstanceOf(Failure);
      expect((failure as Error).name).toBe(hostility.error);
      if (hostility.reasons) expect(hostility.reasons).toContain((failure as UnreachableError).reason);
      expect((failure as Error).message).not.toMatch(drivesTerminal);
      // It ends as quickly when it is asked again, by whoever does not know better.
      const again = await askFiles(bad).then(
        () => undefined,
        (error) => error,
      );
      if (again !== undefined) expect(again).toBeInstanceOf(Failure);
    } finally {
      await stop();
    }
  };

  describe.each(["ssh2", "openssh"] as const)("over %s", (driver) => {
    describe("that", () => {
      it.concurrent.each(hostilities.map((each) => [each.name, each] as const))("%s", (_name, each) =>
        play(driver, each),
      );
    });

    it("shows another key the second time: is not let in again", async () => {
      const { bad, server, stop } = await start(
        { keyOf: (connection) => (connection === 0 ? "own" : "other") },
        driver,
      );
      await bad.open();
      await bad.close();
      await expect(bad.open()).rejects.toMatchObject({
        reason: "host-key",
        message: expect.stringMatching(/changed/),
      });
      await expect(bad.ask(command("true"))).rejects.toMatchObject({ reason: "host-key" });
      expect(server.connections()).toBe(2);
      await stop();
    });

    it("refuses us: is asked once, however often we are", async () => {
      const { bad, server, stop } = await start(
        { onAuthentication: (context) => context.reject(["publickey"]) },
        driver,
      );
      const asked = await Promise.allSettled(
        [1, 2, 3, 4].map(() => bad.ask({ programs: ["sh"], paths: [] })),
      );
      const opened = await Promise.allSettled([bad.open()]);
      for (const result of [...asked, ...opened])
        expect(result).toMatchObject({ status: "rejected", reason: { reason: "auth" } });
      expect(server.connections()).toBe(1);
      // Not before a time that no ban is made of.
      const { since, retryAt } = bad.state() as { since: Date; retryAt: Date };
      expect(Number(retryAt) - Number(since)).toBeGreaterThan(4 * 60_000);
      await stop();
    });

    it("is not there: is tried again, but not before its time", async () => {
      const { bad, server, stop } = await start({ raw: (socket) => socket.end() }, driver);
      for (const _ of [1, 2, 3]) await expect(bad.open()).rejects.toBeInstanceOf(UnreachableError);
      expect(server.connections()).toBe(1);
      expect(bad.state()).toMatchObject({ status: "down", retryAt: expect.any(Date) });
      await stop();
    });

    it("cannot drive our terminal by what it answers", async () => {
      const evil =
        "\x1b]0;owned\x07\x1b]52;c;ZXZpbA==\x1b\\\x1b[2J\x9b31m\u202etxt\0\r\x1bPq\x1b\\ \x1b]8;;http://x";
      const { bad, stop } = await start(
        {
          onStdout: (bytes, { channel }) =>
            channel.write(
              bytes.toString("latin1").replaceAll("EVIL", Buffer.from(evil).toString("latin1")),
              "latin1",
            ),
        },
        driver,
      );
      const { stdout } = await bad.ask(command("printf", "\\377é%s%s", "EVIL", "EVIL"));
      expect(stdout).not.toMatch(drivesTerminal);
      expect(stdout).toContain("\ufffd");
      expect(stdout).toContain("txt");
      await stop();
    });

    it("brings a line of a mebibyte", async () => {
      const { bad, stop } = await start({}, driver);
      const { stdout } = await bad.ask(command("sh", "-c", "head -c 1048576 /dev/zero | tr '\\0' x"));
      expect(stdout).toHaveLength(1024 * 1024);
      await stop();
    });
  });
});
