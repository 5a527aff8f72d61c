import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { UnreachableError } from "../../src/errors.ts";
import { createTransport } from "../../src/transport/create-transport.ts";
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

interface Case {
  readonly name: string;
  /** The lines of known_hosts; `{host}` is the server's name there. */
  readonly lines: (keys: Keys) => readonly string[];
  /** Those of a second file. */
  readonly more?: (keys: Keys) => readonly string[];
  readonly config?: (bench: Bench) => string;
  readonly hash?: boolean;
  readonly expects: "in" | RegExp;
  /** Where the two differ: only ssh can check certificates. */
  readonly ssh2Expects?: RegExp;
}

interface Keys {
  readonly host: string;
  readonly port: number;
  readonly ed25519: string;
  readonly rsa: string;
  readonly other: string;
  readonly authority: string;
}

const cases: readonly Case[] = [
  { name: "known", lines: ({ host, ed25519 }) => [`${host} ${ed25519}`], expects: "in" },
  { name: "known, hashed", lines: ({ host, ed25519 }) => [`${host} ${ed25519}`], hash: true, expects: "in" },
  {
    name: "known by a wildcard",
    lines: ({ port, ed25519 }) => [`[127.0.0.*]:${port} ${ed25519}`],
    expects: "in",
  },
  {
    name: "negated",
    lines: ({ host, ed25519 }) => [`!${host},[127.*]:* ${ed25519}`],
    expects: /unknown/,
  },
  {
    name: "known by its name without the port, as ssh takes it",
    lines: ({ ed25519 }) => [`127.0.0.1 ${ed25519}`],
    expects: "in",
  },
  {
    name: "known for another port only",
    lines: ({ ed25519 }) => [`[127.0.0.1]:1 ${ed25519}`],
    expects: /unknown/,
  },
  {
    name: "another key without the port: unknown, not changed",
    lines: ({ other }) => [`127.0.0.1 ${other}`],
    expects: /unknown/,
  },
  { name: "only its RSA key known", lines: ({ host, rsa }) => [`${host} ${rsa}`], expects: "in" },
  {
    name: "vouched for by a certificate authority",
    lines: ({ host, authority }) => [`@cert-authority ${host} ${authority}`],
    expects: "in",
    ssh2Expects: /certificate authority only/,
  },
  {
    name: "vouched for, and known as well",
    lines: ({ host, authority, ed25519 }) => [`@cert-authority ${host} ${authority}`, `${host} ${ed25519}`],
    expects: "in",
  },
  {
    name: "revoked, although known",
    lines: ({ host, ed25519, rsa }) => [`${host} ${ed25519}`, `@revoked * ${ed25519}`, `@revoked * ${rsa}`],
    expects: /revoked in .*known_hosts:[23]/,
  },
  {
    name: "changed",
    lines: ({ host, other }) => ["# a comment", "", `${host} ${other}`],
    expects: /has changed.*known_hosts:3/,
  },
  { name: "unknown", lines: () => [], expects: /unknown: \S+ SHA256:/ },
  {
    name: "known in the second file",
    lines: ({ other }) => [`elsewhere ${other}`],
    more: ({ host, ed25519 }) => [`${host} ${ed25519}`],
    expects: "in",
  },
  {
    name: "one key of several",
    lines: ({ host, other, ed25519 }) => [`${host} ${other}`, `${host} ${ed25519}`],
    expects: "in",
  },
  {
    name: "known by HostKeyAlias",
    lines: ({ ed25519 }) => [`the-box ${ed25519}`],
    config: () => "HostKeyAlias the-box",
    expects: "in",
  },
  {
    name: "unknown, where the user's configuration does not care",
    lines: () => [],
    config: () => "StrictHostKeyChecking no",
    expects: /unknown/,
  },
  { name: "no file at all", lines: () => [], config: () => "UserKnownHostsFile none", expects: /unknown/ },
];

describe.skipIf(missingSshd !== undefined)(missingSshd ?? "the host key", () => {
  let bench: Bench;
  let sshd: Sshd;
  let keys: Keys;

  beforeAll(async () => {
    bench = createBench();
    const authority = bench.makeKey("authority");
    const ed25519 = bench.makeKey("host");
    const rsa = bench.makeKey("host_rsa", "-t", "rsa", "-b", "2048");
    const other = bench.makeKey("other");
    execFileSync("ssh-keygen", [
      "-q",
      "-s",
      bench.path("authority"),
      "-I",
      "box",
      "-h",
      "-n",
      "127.0.0.1",
      bench.path("host.pub"),
    ]);
    sshd = await startSshd(bench, {
      hostKeys: ["host", "host_rsa"],
      extra: `HostCertificate ${bench.path("host-cert.pub")}`,
    });
    const parts = { ed25519, rsa, other, authority };
    keys = {
      host: sshd.name,
      port: sshd.port,
      ...(Object.fromEntries(
        Object.entries(parts).map(([name, line]) => [name, keyPart(line)]),
      ) as typeof parts),
    };
  });

  afterAll(() => {
    sshd.stop();
    bench.remove();
  });

  describe.each(["ssh2", "openssh"] as const)("over %s", (driver) => {
    it.each(cases.map((each) => [each.name, each] as const))("is %s", async (_name, each) => {
      bench.write(
        "known_hosts",
        each
          .lines(keys)
          .map((line) => `${line}\n`)
          .join(""),
      );
      bench.write("known_hosts2", (each.more?.(keys) ?? []).map((line) => `${line}\n`).join(""));
      if (each.hash)
        execFileSync("ssh-keygen", ["-q", "-H", "-f", bench.path("known_hosts")], { stdio: "ignore" });
      const sshConfig = sshConfigOf(
        bench,
        `Host box\n  HostName 127.0.0.1\n  Port ${sshd.port}\n  ${each.config?.(bench) ?? ""}\n  UserKnownHostsFile ${bench.path("known_hosts")} ${bench.path("known_hosts2")}\n`,
      );
      const transport = createTransport({ hosts: hostMap(aHost("box", { transport: driver })), sshConfig });
      const link = transport.link("box");
      const expects = (driver === "ssh2" && each.ssh2Expects) || each.expects;
      if (expects === "in") {
        const access = await link.open();
        expect(access.hostKey).toMatch(/^SHA256:\S+ in \/.*:\d+$/);
      } else {
        const before = sshd.log().length;
        const error = await link.open().catch((error: unknown) => error);
        expect(error).toBeInstanceOf(UnreachableError);
        expect(error).toMatchObject({ reason: "host-key", message: expect.stringMatching(expects) });
        expect((error as UnreachableError).hint).toMatch(/\S/);
        // Nothing was said about who we are, and nobody tries again.
        expect(sshd.log().slice(before)).not.toMatch(/publickey|Accepted|Postponed/);
        expect(link.state()).toMatchObject({ status: "down" });
        expect(link.state()).not.toHaveProperty("retryAt");
        await expect(link.open()).rejects.toBe(error);
      }
      await transport.close();
    });
  });

  describe.each(["ssh2", "openssh"] as const)("pinned in the inventory, over %s", (driver) => {
    const pinned = (hostKey: string) =>
      createTransport({
        hosts: hostMap(
          aHost("box", {
            address: "127.0.0.1",
            port: sshd.port,
            sshConfig: "none",
            identityFile: bench.path("client"),
            transport: driver,
            hostKey,
          }),
        ),
      });

    it.each(["ed25519", "rsa"] as const)("is trusted: %s", async (type) => {
      const transport = pinned(keys[type]);
      expect((await transport.link("box").open()).hostKey).toMatch(/^SHA256:\S+ in the inventory$/);
      await transport.close();
    });

    it("is the only one that is trusted", async () => {
      const transport = pinned(keys.other);
      const escaped = (name: string) =>
        execFileSync("ssh-keygen", ["-lf", bench.path(`${name}.pub`)], { encoding: "utf8" })
          .split(" ")[1]
          ?.replaceAll("+", "\\+");
      await expect(transport.link("box").open()).rejects.toMatchObject({
        reason: "host-key",
        // To ssh the server may show that key in a certificate.
        message: expect.stringMatching(
          `has changed: it shows ssh-ed25519\\S* ${escaped("host")}, and the inventory has ssh-ed25519 ${escaped("other")}\\.$`,
        ),
        hint: expect.stringContaining("hostKey"),
      });
      await transport.close();
    });
  });

  it("needs no OpenSSH here where it is pinned and no configuration is read", async () => {
    vi.stubEnv("PATH", bench.path("nothing"));
    const box = { address: "127.0.0.1", port: sshd.port, identityFile: bench.path("client") };
    const hosts = hostMap(
      aHost("box", { ...box, sshConfig: "none", hostKey: keys.ed25519 }),
      aHost("asks", { ...box, hostKey: keys.ed25519 }),
    );
    const transport = createTransport({ hosts });
    try {
      expect(await transport.link("box").open()).toMatchObject({ driver: "ssh2" });
      await expect(transport.link("asks").open()).rejects.toMatchObject({
        reason: "config",
        message: "There is no program ssh on this machine.",
        hint: expect.stringContaining("sshConfig: none"),
      });
    } finally {
      vi.unstubAllEnvs();
      await transport.close();
    }
  });

  it("lets ssh do what only ssh can: check a certificate authority", async () => {
    bench.write("known_hosts", `@cert-authority ${keys.host} ${keys.authority}\n`);
    const sshConfig = sshConfigOf(bench, `Host box\n  HostName 127.0.0.1\n  Port ${sshd.port}\n`);
    const transport = createTransport({ hosts: hostMap(aHost("box")), sshConfig });
    const access = await transport.link("box").open();
    expect(access).toMatchObject({
      driver: "openssh",
      driverReason: expect.stringContaining("@cert-authority"),
    });
    await transport.close();
  });

  it("tells the line with which an unknown key can be accepted, and it works", async () => {
    bench.write("known_hosts", "");
    const sshConfig = sshConfigOf(bench, `Host box\n  HostName 127.0.0.1\n  Port ${sshd.port}\n`);
    const hosts = hostMap(aHost("box", { transport: "ssh2" }));
    const first = createTransport({ hosts, sshConfig });
    const error = await first
      .link("box")
      .open()
      .catch((error: UnreachableError) => error);
    const [, line = ""] = /run: (.*)$/.exec((error as UnreachableError).hint ?? "") ?? [];
    expect(line).toMatch(/^ssh /);
    execFileSync(
      "/bin/sh",
      ["-c", `${line.replace(/^ssh /, "ssh -o StrictHostKeyChecking=accept-new ")} true`],
      { stdio: "ignore" },
    );
    // A person has to close what they refused; then it is asked again.
    await first.link("box").close();
    expect((await first.link("box").open()).driver).toBe("ssh2");
    await first.close();
  });
});
