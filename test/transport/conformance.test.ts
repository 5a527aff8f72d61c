import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { userInfo } from "node:os";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseFiles, parseLook } from "../../src/command/answers.ts";
import { command } from "../../src/command/command.ts";
import { CommandFailed, TimedOut, UnreachableError, UnreadableOutput, UsageError } from "../../src/errors.ts";
import { createTransport } from "../../src/transport/create-transport.ts";
import type { Link, Transport } from "../../src/transport/transport.ts";
import {
  aHost,
  type Bench,
  createBench,
  freePort,
  hasProgram,
  hostMap,
  keyPart,
  missingSshd,
  type Sshd,
  sshConfigOf,
  startSshd,
} from "./sshd.ts";

const never = new AbortController().signal;

/** What every driver promises. */
describe.each(["local", "ssh2", "openssh"] as const)("over %s", (driver) => {
  const missing = driver === "local" ? undefined : missingSshd;
  describe.skipIf(missing !== undefined)(missing ?? "a real host", () => {
    let bench: Bench;
    let sshd: Sshd | undefined;
    let transport: Transport;
    let link: Link;

    beforeAll(async () => {
      bench = createBench();
      let config = "";
      if (driver !== "local") {
        sshd = await startSshd(bench);
        bench.write("known_hosts", `${sshd.name} ${keyPart(bench.read("host.pub"))}\n`);
        config = sshConfigOf(bench, `Host box\n  HostName 127.0.0.1\n  Port ${sshd.port}\n`);
      }
      transport = createTransport({
        hosts: hostMap(aHost("box", { transport: driver })),
        ...(config === "" ? {} : { sshConfig: config }),
        patience: { fastTimeoutMs: 3000, graceMs: 1500, channelTimeoutMs: 5000 },
      });
      link = transport.link("box");
    });

    afterAll(async () => {
      await transport.close();
      sshd?.stop();
      bench.remove();
    });

    it("tells who it is there, and by which driver", async () => {
      const access = await link.open();
      expect(access.driver).toBe(driver);
      expect(access.login).toMatchObject({ user: userInfo().username, uid: userInfo().uid });
      expect(link.state()).toMatchObject({ status: "up", access: { driver } });
      if (driver !== "local") expect(access.hostKey).toMatch(/^SHA256:.* in .*known_hosts:1$/);
    });

    it("is the same link each time, and knows no host that is not in the inventory", () => {
      expect(transport.link("box")).toBe(link);
      expect(() => transport.link("elsewhere")).toThrow(UsageError);
    });

    it("reads files and looks for programs without a command", async () => {
      const [files, look] = await Promise.all([
        link.ask({ files: ["/proc/self/status", "/nowhere", "/etc/host*", "/proc"], lines: 3 }),
        link.ask({ programs: ["sh", "no-such-program"], paths: ["/bin/sh", "/nowhere", "/no*where"] }),
      ]);
      const read = parseFiles(files.stdout);
      expect(read.get("/proc/self/status")?.split("\n")).toHaveLength(4);
      expect(read.has("/etc/hosts")).toBe(true);
      expect(read.get("/proc")).toBe("");
      expect(read.has("/nowhere")).toBe(false);
      const found = parseLook(look.stdout);
      expect([...found.programs.keys()]).toEqual(["sh"]);
      expect([...found.paths]).toEqual(["/bin/sh"]);
    });

    it("answers a hundred questions that were asked at once, each with its own answer", async () => {
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          link.ask({ programs: [], paths: ["/", `/nowhere-${index}`] }),
        ),
      );
      expect(new Set(answers.map(({ stdout }) => stdout))).toEqual(new Set(["/\n"]));
    });

    it("runs a command and gives back all that it said", async () => {
      expect(await link.ask(command("sh", "-c", "echo out; echo err >&2; printf end; exit 7"))).toEqual({
        exitCode: 7,
        stdout: "out\nend",
        stderr: "err\n",
        at: expect.any(Date),
      });
    });

    it("gives a command nothing to read", async () => {
      expect(await link.ask(command("cat"))).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
    });

    it("does not confuse 127 with an answer", async () => {
      expect((await link.ask(command("/no/such/program"))).exitCode).toBe(127);
    });

    it("starts in /, in the C locale, in UTC, and lets nobody read what it makes", async () => {
      const { stdout } = await link.ask(command("sh", "-c", 'pwd; echo "$LC_ALL $TZ"; umask'));
      expect(stdout).toBe("/\nC UTC\n0077\n");
    });

    it("brings two mebibytes", async () => {
      const { stdout } = await link.ask(command("head", "-c", "2097152", "/dev/zero"));
      // NUL drives no terminal, and is none of ours.
      expect(stdout).toBe("");
      const many = await link.ask(command("sh", "-c", "yes 0123456789abcde | head -n 131072"));
      expect(many.stdout).toHaveLength(2 * 1024 * 1024);
    });

    it("refuses more than it was allowed to say, and goes on", async () => {
      const flood = link.ask({ argv: ["yes"], maxBytes: 10_000, timeoutMs: 2000 });
      await expect(flood).rejects.toBeInstanceOf(UnreadableOutput);
      const errors = link.ask({ argv: ["sh", "-c", "yes >&2"], maxBytes: 10_000, timeoutMs: 2000 });
      await expect(errors).rejects.toBeInstanceOf(UnreadableOutput);
      expect((await link.ask(command("echo", "well"))).stdout).toBe("well\n");
    });

    it("loses only the answer of a command that hangs, and asks it no more for a while", async () => {
      const hang = { argv: ["sleep", "60"], timeoutMs: 1000 } as const;
      const [late, fast] = await Promise.allSettled([
        link.ask(hang),
        link.ask({ programs: ["sh"], paths: [] }),
      ]);
      expect(fast.status).toBe("fulfilled");
      expect(late).toMatchObject({ status: "rejected", reason: expect.any(TimedOut) });
      await expect(link.ask(hang)).rejects.toThrow(/asked again after/);
      expect((await link.ask(command("echo", "well"))).stdout).toBe("well\n");
    });

    it("gives up a shell in which even timeout hangs, and takes another", async () => {
      // Ignores what timeout sends first, and stops it, so that it cannot kill.
      const stubborn = {
        argv: ["sh", "-c", 'echo "$PPID" >"$1"; kill -STOP "$PPID"; sleep 20', "sh", bench.path("stopped")],
        timeoutMs: 1000,
      } as const;
      await expect(link.ask(stubborn)).rejects.toBeInstanceOf(TimedOut);
      expect((await link.ask(command("echo", "well"))).stdout).toBe("well\n");
      process.kill(Number(bench.read("stopped")), "SIGCONT");
    });

    it("takes out what could drive a terminal", async () => {
      const { stdout, stderr } = await link.ask(
        command(
          "printf",
          "a\\033]52;c;ZXZpbA==\\007b\\033[2Jc\\r\\nd\\302\\2332Je\\342\\200\\256f\\033]0;title\\ng",
        ),
      );
      expect(stdout).toBe("abc\ndef\ng");
      expect(stderr).toBe("");
    });

    it("follows a program line by line until it ends", async () => {
      const lines: string[] = [];
      const program = `echo one; echo two >&2; printf '\\033[31mthree'; yes | head -c 50000 | tr -d '\\n'; echo; exit 5`;
      const exitCode = await link.follow(
        { argv: ["sh", "-c", program] },
        (line, from) => lines.push(`${from} ${line.slice(0, 20)}`),
        never,
      );
      expect(exitCode).toBe(5);
      expect(lines.sort()).toEqual(["stderr two", "stdout one", `stdout three${"y".repeat(15)}`]);
    });

    it("keeps every word of a followed program, newlines too", async () => {
      const lines: string[] = [];
      const words = ["a b", "c\nd", "'", '"$HOME"', "\\", "", "e\n\nf\n"];
      await link.follow({ argv: ["printf", "[%s]", ...words] }, (line) => lines.push(line), never);
      expect(lines.join("\n")).toBe(words.map((word) => `[${word}]`).join(""));
    });

    it("ends what it follows when told to, there as well", async () => {
      const stop = new AbortController();
      const seen: string[] = [];
      const following = link.follow(
        { argv: ["sh", "-c", "echo $$; exec sleep 300"] },
        (line) => {
          seen.push(line);
          stop.abort();
        },
        stop.signal,
      );
      await expect(following).rejects.toMatchObject({ name: "AbortError" });
      await expect
        .poll(async () => (await link.ask({ programs: [], paths: [`/proc/${seen[0]}/stat`] })).stdout, {
          timeout: 5000,
        })
        .toBe("");
    });

    it("lets more be followed than it has channels for, one after the other", async () => {
      const codes = await Promise.all(
        [1, 2, 3, 4, 5].map((code) => link.follow({ argv: ["sh", "-c", `exit ${code}`] }, () => {}, never)),
      );
      expect(codes).toEqual([1, 2, 3, 4, 5]);
    });

    it("connects through the host", async () => {
      const server: Server = createServer((socket) => socket.end("hello\n")).listen(0, "127.0.0.1");
      await once(server, "listening");
      const address = server.address();
      const stream = await link.forward(
        "127.0.0.1",
        typeof address === "object" && address ? address.port : 0,
      );
      const text: Buffer[] = [];
      stream.on("data", (bytes: Buffer) => text.push(bytes));
      await once(stream, "end");
      expect(Buffer.concat(text).toString()).toBe("hello\n");
      stream.destroy();
      server.close();
    });

    it("says that nothing listens there", async () => {
      const port = await freePort();
      const failed = await link.forward("127.0.0.1", port).catch((error: unknown) => error);
      expect(failed).toBeInstanceOf(CommandFailed);
      expect(failed).toMatchObject({ message: `127.0.0.1:${port} refuses connections` });
    });

    // P3: names that would do something if they were read as code.
    it.each(["sh", "dash", "bash", "busybox"].filter(hasProgram))(
      "keeps hostile names as they are, as %s reads them",
      async (shell) => {
        const words = [
          "$(touch /tmp/scrap-canary)",
          "`id`",
          "a;b",
          "a|b",
          "a&b",
          "*",
          "~",
          "!!",
          "a\\",
          "'",
          "'\\''",
          '"',
          "\n",
          "a\tb",
          "é",
          "{a,b}",
          "#",
          "-n",
          "--",
          "%s",
          "$((1/0))",
          "$" + "{x?}",
          "<(id)",
          "> /tmp/scrap-canary",
        ];
        const program = shell === "busybox" ? ["busybox", "sh"] : [shell];
        const { stdout } = await link.ask({
          argv: [program[0] ?? "", ...program.slice(1), "-c", 'printf "[%s]" "$@"', "sh", ...words],
        });
        expect(stdout).toBe(words.map((word) => `[${word}]`).join(""));
        expect((await link.ask({ programs: [], paths: ["/tmp/scrap-canary"] })).stdout).toBe("");
        const look = await link.ask({
          programs: [],
          paths: words.filter((word) => word !== "*").map((word) => `/nowhere/${word}`),
        });
        expect(look.stdout).toBe("");
      },
    );

    it("can be closed and opened again", async () => {
      const states: string[] = [];
      const stop = link.subscribe(({ status }) => states.push(status));
      await link.close();
      expect(link.state().status).toBe("idle");
      expect((await link.ask(command("echo", "again"))).stdout).toBe("again\n");
      stop();
      expect(states).toEqual(["idle", "connecting", "up"]);
    });

    it("passes bytes through a command as they are, however many, and tells how it ended", async () => {
      const bytes = randomBytes(3_000_000);
      const { stdin, stdout, ended } = await link.stream(
        command("sh", "-c", "cat; echo 'to tell' >&2; exit 3"),
        never,
      );
      stdin.end(bytes);
      const back = await buffer(stdout);
      expect(back.equals(bytes)).toBe(true);
      expect(await ended).toEqual({ exitCode: 3, stderr: "to tell\n" });
    });

    it("gives a stream up when it is told to", async () => {
      const enough = new AbortController();
      const { stdout, ended } = await link.stream(command("sleep", "60"), enough.signal);
      stdout.resume();
      enough.abort(new Error("enough"));
      await expect(ended).rejects.toThrow("enough");
      expect((await link.ask(command("echo", "still here"))).stdout).toBe("still here\n");
    });

    it.skipIf(driver === "local")("says that the connection was cut, and never an exit code", async () => {
      const cut = link.ask(command("sh", "-c", "kill -9 $(ps -o ppid= -p $(ps -o ppid= -p $PPID))"));
      await expect(cut).rejects.toBeInstanceOf(UnreachableError);
    });
  });
});
