import { chmodSync, mkdirSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseLook } from "../../src/command/answers.ts";
import { command } from "../../src/command/command.ts";
import { TimedOut } from "../../src/errors.ts";
import { createTransport } from "../../src/transport/create-transport.ts";
import type { Transport } from "../../src/transport/transport.ts";
import {
  aHost,
  type Bench,
  createBench,
  hasProgram,
  hostMap,
  keyPart,
  missingSshd,
  type Sshd,
  sshConfigOf,
  startSshd,
} from "./sshd.ts";

// What a shell may read in a word, quoted or not.
const words = [
  "$(id)",
  "`id`",
  "a;b",
  "*",
  "~",
  "!!",
  "a\\",
  "'",
  '"',
  "\n",
  "(x)",
  "\\'",
  "^a^b",
  "%1",
  "a'b\nc",
  "$status",
  "{a,b}",
];

/** The login shell gets a constant only: whatever it is, it must not matter. */
describe.skipIf(missingSshd !== undefined)(missingSshd ?? "a host", () => {
  let bench: Bench;
  let sshd: Sshd | undefined;
  let transport: Transport | undefined;

  beforeEach(() => {
    bench = createBench();
  });

  afterEach(async () => {
    await transport?.close();
    sshd?.stop();
    bench.remove();
  });

  const reach = async (extra: string, driver: "ssh2" | "openssh" = "ssh2") => {
    sshd = await startSshd(bench, { extra });
    bench.write("known_hosts", `${sshd.name} ${keyPart(bench.read("host.pub"))}\n`);
    const sshConfig = sshConfigOf(bench, `Host box\n  HostName 127.0.0.1\n  Port ${sshd.port}\n`);
    transport = createTransport({
      hosts: hostMap(aHost("box", { transport: driver })),
      sshConfig,
      patience: { graceMs: 500 },
    });
    return transport.link("box");
  };

  const shells = ["sh", "bash", "fish", "tcsh", "zsh", "ksh", "busybox"].filter(hasProgram);

  // As sshd starts it: with -c, and what it was told as one word.
  it.each(shells)("with the login shell %s answers like any other", async (shell) => {
    const program = shell === "busybox" ? "busybox sh" : shell;
    const link = await reach(`ForceCommand exec ${program} -c "$SSH_ORIGINAL_COMMAND"`);
    const { stdout } = await link.ask(command("printf", "[%s]", ...words));
    expect(stdout).toBe(words.map((word) => `[${word}]`).join(""));
    const found = parseLook(
      (await link.ask({ programs: ["sh"], paths: words.map((word) => `/${word.replaceAll("*", "")}`) }))
        .stdout,
    );
    expect(found.programs.has("sh")).toBe(true);
    const lines: string[] = [];
    expect(
      await link.follow(
        { argv: ["printf", "[%s]", ...words] },
        (line) => lines.push(line),
        new AbortController().signal,
      ),
    ).toBe(0);
    expect(lines.join("\n")).toBe(words.map((word) => `[${word}]`).join(""));
  });

  it.each(["ssh2", "openssh"] as const)(
    "without a timeout that knows -k is asked all the same, over %s",
    async (driver) => {
      mkdirSync(bench.path("bin"));
      bench.write("bin/timeout", '#!/bin/sh\necho "timeout: invalid option -- $1" >&2; exit 1\n');
      chmodSync(bench.path("bin/timeout"), 0o755);
      const link = await reach(`SetEnv PATH=${bench.path("bin")}:/usr/bin:/bin`, driver);
      expect(await link.ask(command("sh", "-c", "echo well; exit 2"))).toMatchObject({
        exitCode: 2,
        stdout: "well\n",
      });
      // Nobody there kills it: then we leave it alone.
      await expect(link.ask({ argv: ["sleep", "30"], timeoutMs: 500 })).rejects.toBeInstanceOf(TimedOut);
      expect((await link.ask(command("echo", "well"))).stdout).toBe("well\n");
    },
  );

  it("that forbids connections through it says so", async () => {
    for (const driver of ["ssh2", "openssh"] as const) {
      const link = await reach("AllowTcpForwarding no", driver);
      await expect(link.forward("127.0.0.1", sshd?.port ?? 0)).rejects.toMatchObject({
        name: "ForwardRefused",
        message: expect.stringMatching(
          /^The SSH server of box makes no connection to 127\.0\.0\.1:\d+ for us/,
        ),
      });
      await transport?.close();
      sshd?.stop();
    }
  });

  it("that grants one session shares it, and grants none: says so", async () => {
    const one = await reach("MaxSessions 1");
    expect((await one.ask(command("echo", "well"))).stdout).toBe("well\n");
    expect((await one.ask({ programs: [], paths: ["/"] })).stdout).toBe("/\n");
    await transport?.close();
    sshd?.stop();
    await expect((await reach("MaxSessions 0")).open()).rejects.toMatchObject({ reason: "incompatible" });
  });
});
