import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { command } from "../../src/command/command.ts";
import type { Host } from "../../src/inventory/host.ts";
import { createTransport } from "../../src/transport/create-transport.ts";
import type { TransportOptions } from "../../src/transport/options.ts";
import type { Transport } from "../../src/transport/transport.ts";
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

const passphrase = `canary ${"of a passphrase"}`;

/** All that any process of this machine shows of its command line. */
const commandLines = () =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      } catch {
        return "";
      }
    })
    .join("\n");

describe.skipIf(missingSshd !== undefined)(missingSshd ?? "the way to a host", () => {
  let bench: Bench;
  let front: Sshd;
  let middle: Sshd;
  let back: Sshd;
  let open: Transport[] = [];
  let servers: Sshd[] = [];

  beforeAll(async () => {
    bench = createBench();
    bench.makeKey("client");
    bench.makeKey("locked", "-N", passphrase);
    bench.makeKey("authority");
    bench.makeKey("certified");
    execFileSync("ssh-keygen", [
      "-q",
      "-s",
      bench.path("authority"),
      "-I",
      "me",
      "-n",
      "root,me",
      bench.path("certified.pub"),
    ]);
    [front, middle, back] = [
      await startSshd(bench, { hostKeys: ["front"], authorized: ["client", "locked"] }),
      await startSshd(bench, { hostKeys: ["middle"], authorized: ["client", "locked"] }),
      await startSshd(bench, {
        hostKeys: ["back"],
        authorized: ["client", "locked"],
        extra: `TrustedUserCAKeys ${bench.path("authority.pub")}\nAuthorizedPrincipalsFile none`,
      }),
    ];
    bench.write(
      "known_hosts",
      [front, middle, back]
        .map(
          ({ name }, index) =>
            `${name} ${keyPart(bench.read(`${["front", "middle", "back"][index]}.pub`))}\n`,
        )
        .join(""),
    );
  });

  afterEach(async () => {
    for (const transport of open) await transport.close();
    open = [];
    for (const server of servers) server.stop();
    servers = [];
  });

  afterAll(() => {
    for (const each of [front, middle, back]) each.stop();
    bench.remove();
  });

  const entry = (name: string, { port }: Sshd, more = "") =>
    `Host ${name}\n  HostName 127.0.0.1\n  Port ${port}\n  ${more}\n`;
  const reach = (
    hosts: Host[],
    config: string,
    options: Partial<TransportOptions> & { identity?: string } = {},
  ) => {
    const { identity, ...rest } = options;
    const sshConfig = sshConfigOf(bench, config, identity === undefined ? {} : { identity });
    const transport = createTransport({ hosts: hostMap(...hosts), sshConfig, ...rest });
    open.push(transport);
    return transport;
  };
  const logins = ({ log }: Sshd) => log().split("Accepted publickey").length - 1;
  const whoami = async (transport: Transport, name: string) =>
    (await transport.link(name).ask(command("echo", "here"))).stdout;

  describe.each(["ssh2", "openssh"] as const)("over %s", (transport) => {
    it("goes through a jump host of the ssh configuration", async () => {
      const before = logins(front);
      const reached = reach(
        [aHost("back", { transport })],
        entry("front", front) + entry("back", back, "ProxyJump front"),
      );
      expect(await whoami(reached, "back")).toBe("here\n");
      expect(logins(front)).toBe(before + 1);
    });

    it("goes through two jump hosts, and shares the connection to them", async () => {
      const before = [logins(front), logins(middle)];
      const reached = reach(
        [
          aHost("one", { transport, jump: "front,middle" }),
          aHost("two", { transport, jump: "front,middle" }),
        ],
        entry("front", front) + entry("middle", middle) + entry("one two", back),
      );
      expect(await Promise.all([whoami(reached, "one"), whoami(reached, "two")])).toEqual([
        "here\n",
        "here\n",
      ]);
      expect([logins(front), logins(middle)]).toEqual(before.map((count) => count + 1));
    });

    it("shares the connection to a jump host that is a host itself", async () => {
      const before = logins(front);
      const reached = reach(
        [aHost("gate", { transport, address: "front" }), aHost("back", { transport, jump: "gate" })],
        entry("front", front) + entry("back", back),
      );
      expect(await Promise.all([whoami(reached, "gate"), whoami(reached, "back")])).toEqual([
        "here\n",
        "here\n",
      ]);
      expect(logins(front)).toBe(before + 1);
    });

    it("does not go through a jump host whose key is unknown", async () => {
      const reached = reach(
        [aHost("back", { transport, jump: "stranger" })],
        entry("stranger", front, "HostKeyAlias nobody-knows-it") + entry("back", back),
      );
      await expect(reached.link("back").open()).rejects.toMatchObject({
        reason: "host-key",
        message: expect.stringMatching(/back is behind stranger/),
      });
    });

    it("verifies the host behind a jump host as well", async () => {
      const reached = reach(
        [aHost("back", { transport, jump: "front" })],
        entry("front", front) + entry("back", back, "HostKeyAlias nobody-knows-it"),
      );
      await expect(reached.link("back").open()).rejects.toMatchObject({ reason: "host-key" });
    });

    it("says which hop is down when its connection is lost", async () => {
      const own = await startSshd(bench, { hostKeys: ["front"], authorized: ["client"] });
      servers.push(own);
      bench.write(
        "known_hosts_own",
        `${bench.read("known_hosts")}${own.name} ${keyPart(bench.read("front.pub"))}\n`,
      );
      const reached = reach(
        [aHost("back", { transport, jump: "own" })],
        entry("own", own, `UserKnownHostsFile ${bench.path("known_hosts_own")}`) + entry("back", back),
      );
      const link = reached.link("back");
      await link.open();
      const lost = link.ask(command("sleep", "5"));
      own.stop();
      await expect(lost).rejects.toMatchObject({ reason: "dropped" });
      expect(link.state()).toMatchObject({ status: "down", retryAt: expect.any(Date) });
    });
  });

  it("refuses jump hosts that go round in a circle", async () => {
    const reached = reach(
      [aHost("a", { jump: "b" }), aHost("b", { jump: "a" })],
      entry("a", front) + entry("b", back),
    );
    await expect(reached.link("a").open()).rejects.toMatchObject({
      reason: "config",
      message: expect.stringMatching(/circle/),
    });
  });

  it.each([
    [
      "ProxyCommand is configured",
      (): string => `ProxyCommand bash -c 'exec 3<>/dev/tcp/127.0.0.1/${back.port}; cat <&3 & exec cat >&3'`,
    ],
    [
      "a certificate is configured",
      () => `CertificateFile ${bench.path("certified-cert.pub")}\n  IdentityFile ${bench.path("certified")}`,
    ],
    ["there is a certificate beside the key", () => `IdentityFile ${bench.path("certified")}`],
  ])("takes the user's own ssh where %s, says so, and gets in", async (reason, more) => {
    const reached = reach([aHost("back")], entry("back", back, more()));
    const access = await reached.link("back").open();
    expect(access.driver).toBe("openssh");
    expect(access.driverReason).toContain(reason);
    expect(await whoami(reached, "back")).toBe("here\n");
  });

  it("takes the built-in client where nothing speaks against it", async () => {
    const access = await reach([aHost("back")], entry("back", back))
      .link("back")
      .open();
    expect(access).toMatchObject({
      driver: "ssh2",
      destination: expect.stringMatching(`@127.0.0.1:${back.port}$`),
    });
  });

  it("takes the user's own ssh where the built-in client has no algorithm in common", async () => {
    const modern = await startSshd(bench, {
      hostKeys: ["back"],
      authorized: ["client"],
      extra: "KexAlgorithms sntrup761x25519-sha512@openssh.com",
    });
    servers.push(modern);
    bench.write("known_hosts_modern", `${modern.name} ${keyPart(bench.read("back.pub"))}\n`);
    const reached = reach(
      [aHost("back")],
      entry("back", modern, `UserKnownHostsFile ${bench.path("known_hosts_modern")}`),
    );
    const access = await reached.link("back").open();
    expect(access).toMatchObject({ driver: "openssh", driverReason: expect.stringMatching(/algorithm/) });
  });

  it("logs in with a key of the agent before the files, and never hands the agent on", async () => {
    const socket = bench.path("agent");
    const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
    await expect.poll(() => readdirSync(bench.folder).includes("agent")).toBe(true);
    execFileSync("ssh-add", ["-q", bench.path("client")], {
      env: { ...process.env, SSH_AUTH_SOCK: socket },
      stdio: "ignore",
    });
    const config = `IdentityAgent ${socket}\n  IdentitiesOnly no\n  ForwardAgent yes\n`;
    for (const transport of ["ssh2", "openssh"] as const) {
      const reached = reach([aHost("back", { transport })], entry("back", back, config), {
        identity: "not-there",
      });
      const { login } = await reached.link("back").open();
      expect(login.how).toMatch(/agent/);
      const { stdout } = await reached.link("back").ask(command("env"));
      expect(stdout).not.toContain("SSH_AUTH_SOCK=/tmp/ssh-");
    }
    agent.kill();
    await once(agent, "exit");
  });

  it("opens an encrypted key with the passphrase that a person gives, and shows it to nobody", async () => {
    const asked: string[] = [];
    let given = Buffer.alloc(0);
    const seen: string[] = [];
    const watch = setInterval(() => seen.push(commandLines()), 20);
    const reached = reach([aHost("back"), aHost("also", { address: "back" })], entry("back", back), {
      identity: "locked",
      askSecret: async ({ kind, of }) => {
        asked.push(`${kind} ${of}`);
        given = Buffer.from(passphrase);
        return given;
      },
    });
    const [access, second] = await Promise.all([reached.link("back").open(), reached.link("also").open()]);
    clearInterval(watch);
    expect(access).toMatchObject({ driver: "ssh2", login: { how: bench.path("locked") } });
    expect(second.login.how).toBe(bench.path("locked"));
    expect(asked).toEqual([`passphrase ${bench.path("locked")}`]);
    expect(seen.join("\n")).not.toContain(passphrase);
    expect(JSON.stringify(access)).not.toContain(passphrase);
    expect(given.every((byte) => byte === 0)).toBe(true);
  });

  it.each([
    ["nobody gives the passphrase", async () => undefined, /left out \(it has a passphrase/],
    [
      "the passphrase is wrong",
      async () => Buffer.from("canary: wrong"),
      /left out \(the passphrase is wrong/,
    ],
  ])("says that %s, and offers no other secret", async (_name, askSecret, message) => {
    const reached = reach([aHost("back")], entry("back", back), { identity: "locked", askSecret });
    const error = await reached
      .link("back")
      .open()
      .catch((error: Error) => error);
    expect(error).toMatchObject({ reason: "auth", message: expect.stringMatching(message) });
    expect(String(error)).not.toContain("canary");
  });

  it("says what is wrong with the user's configuration", async () => {
    const reached = reach([aHost("back")], "Host back\n  NoSuchWord yes\n");
    await expect(reached.link("back").open()).rejects.toMatchObject({
      reason: "config",
      message: expect.stringMatching(/nosuchword/i),
    });
  });

  it("says that a name is of nobody", async () => {
    const reached = reach(
      [aHost("nobody.invalid", { transport: "ssh2" }), aHost("none.invalid", { transport: "openssh" })],
      "",
    );
    await expect(reached.link("nobody.invalid").open()).rejects.toMatchObject({ reason: "dns" });
    await expect(reached.link("none.invalid").open()).rejects.toMatchObject({ reason: "dns" });
  });
});
