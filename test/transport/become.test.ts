import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { userInfo } from "node:os";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { command } from "../../src/command/command.ts";
import { Unprivileged } from "../../src/errors.ts";
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

const password = "canary of a password";
const whoAmI = { argv: ["id", "-u"], asRoot: true } as const;
const isRoot = userInfo().uid === 0;

/** As strict as the real one about its words, and about who reads the password. Root is that of a user namespace. */
const standIn = (folder: string) => `#!/bin/sh
n= s= p= u=
while :; do
  case $1 in
    -n) n=1; shift ;;
    -S) s=1; shift ;;
    -p) p=$2; shift 2 ;;
    -u) u=$2; shift 2 ;;
    -*) echo "sudo: invalid option -- $1" >&2; exit 1 ;;
    *) break ;;
  esac
done
echo "$n$s $*" >>${folder}/asked
case $(cat ${folder}/mode) in
  free) exec unshare -Ur "$@" ;;
  denied) echo "Sorry, user me is not allowed to execute '$*' as root on box." >&2; exit 1 ;;
esac
[ -z "$n" ] || { echo "sudo: a password is required" >&2; exit 1; }
[ -n "$s" ] || { echo "sudo: a terminal is required to read the password" >&2; exit 1; }
for try in 1 2 3; do
  printf %s "$p" >&2
  IFS= read -r word || { echo "sudo: no password was provided" >&2; exit 1; }
  echo "$word" >>${folder}/passwords
  [ "$word" = '${password}' ] && exec unshare -Ur "$@"
  echo "Sorry, try again." >&2
done
echo "sudo: 3 incorrect password attempts" >&2
exit 1
`;

/** Reads its password from its terminal alone, hands no environment on, and closes what is open beside the first three. */
const standInForDoas = (folder: string) => `#!/bin/sh
n=; [ "$1" = -n ] && n=1 && shift
[ -z "$n" ] || { echo "doas: Authentication required" >&2; exit 1; }
printf 'doas (me@box) password: ' >/dev/tty || exit 1
IFS= read -r word </dev/tty
echo "$word" >>${folder}/passwords
[ "$word" = '${password}' ] || { echo "doas: Authentication failed" >&2; exit 1; }
exec env -i PATH="$PATH" unshare -Ur "$@" 3>&- 4>&- 5>&-
`;

const hasNamespaces = () => {
  try {
    execFileSync(
      isRoot ? "setpriv" : "unshare",
      isRoot ? ["--reuid=65534", "--regid=65534", "--clear-groups", "unshare", "-Ur", "id"] : ["-Ur", "id"],
      { stdio: "ignore" },
    );
    return true;
  } catch {
    return false;
  }
};

const missing =
  missingSshd ?? (hasNamespaces() ? undefined : "needs user namespaces (unshare -Ur) to stand in for sudo");

describe.skipIf(missing !== undefined)(missing ?? "root on a host where we are not", () => {
  let bench: Bench;
  let sshd: Sshd;
  let open: Transport[] = [];
  const mode = (name: "free" | "denied" | "password") => bench.write("mode", name);
  const lines = (name: string) => bench.read(name).split("\n").filter(Boolean);

  beforeAll(async () => {
    bench = createBench();
    mkdirSync(bench.path("bin"));
    bench.write("bin/sudo", standIn(bench.folder));
    bench.write("bin/doas", standInForDoas(bench.folder));
    for (const path of ["bin", "bin/sudo", "bin/doas"]) chmodSync(bench.path(path), 0o755);
    const drop = isRoot ? "setpriv --reuid=65534 --regid=65534 --clear-groups " : "";
    sshd = await startSshd(bench, {
      extra: `SetEnv PATH=${bench.path("bin")}:/usr/bin:/bin\nForceCommand exec ${drop}/bin/sh -c "$SSH_ORIGINAL_COMMAND"`,
    });
    bench.write("known_hosts", `${sshd.name} ${keyPart(bench.read("host.pub"))}\n`);
  });

  beforeEach(() => {
    for (const name of ["asked", "passwords"]) chmodSync(bench.write(name, ""), 0o666);
  });

  afterEach(async () => {
    for (const transport of open) await transport.close();
    open = [];
  });

  afterAll(() => {
    sshd.stop();
    bench.remove();
  });

  const reach = (host: Partial<Host>, options: Partial<TransportOptions> = {}) => {
    chmodSync(bench.path("mode"), 0o644);
    const sshConfig = sshConfigOf(bench, `Host box\n  HostName 127.0.0.1\n  Port ${sshd.port}\n`);
    const transport = createTransport({
      hosts: hostMap(aHost("box", { become: "sudo", ...host })),
      sshConfig,
      ...options,
      patience: { channelTimeoutMs: 5000, ...options.patience },
    });
    open.push(transport);
    return transport.link("box");
  };

  it.each(["ssh2", "openssh"] as const)(
    "is had without a password where that is allowed, over %s",
    async (transport) => {
      mode("free");
      const link = reach({ transport });
      expect((await link.open()).privilege).toBe("sudo");
      expect((await link.ask(whoAmI)).stdout).toBe("0\n");
      expect((await link.ask(command("id", "-u"))).stdout).not.toBe("0\n");
      const seen: string[] = [];
      await link.follow(whoAmI, (line) => seen.push(line), new AbortController().signal);
      expect(seen).toEqual(["0"]);
    },
  );

  it("is not confused with a command that fails by itself", async () => {
    mode("free");
    const link = reach({});
    const argv = ["sh", "-c", "echo wrong >&2; exit 1"] as const;
    expect(await link.ask({ argv, asRoot: true })).toMatchObject({ exitCode: 1, stderr: "wrong\n" });
  });

  it.each(["denied", "password"] as const)(
    "is refused with the exact command (%s), and asked for once",
    async (refusal) => {
      mode(refusal);
      const link = reach({});
      const errors = [await link.ask(whoAmI).catch((e) => e), await link.ask(whoAmI).catch((e) => e)];
      for (const error of errors) {
        expect(error).toBeInstanceOf(Unprivileged);
        expect(error.message).toContain("sudo -n timeout -k 2 10 id -u");
      }
      expect(lines("asked")).toHaveLength(1);
      expect((await link.ask(command("echo", "well"))).stdout).toBe("well\n");
    },
  );

  it.each([
    ["denied", "Sorry, user me is not allowed"],
    ["password", "sudo: a password is required"],
  ] as const)("is refused to what is followed as to what is asked (%s)", async (refusal, words) => {
    mode(refusal);
    const lines: string[] = [];
    const follow = (argv: readonly [string, ...string[]]) =>
      reach({}).follow({ argv, asRoot: true }, (line) => lines.push(line), new AbortController().signal);
    await expect(follow(["id", "-u"])).rejects.toMatchObject({
      code: "unprivileged",
      hint: expect.stringContaining(words),
    });
    expect(lines).toEqual([]);
    mode("free");
    expect(await follow(["sh", "-c", "echo sudo: is a word >&2; exit 3"])).toBe(3);
    expect(lines).toEqual(["sudo: is a word"]);
  });

  it("is refused at once where nobody said how, or the host has no such program", async () => {
    mode("free");
    await expect(reach({ become: "none" }).ask(whoAmI)).rejects.toBeInstanceOf(Unprivileged);
    rmSync(bench.path("bin/doas"));
    await expect(reach({ become: "doas" }).ask(whoAmI)).rejects.toMatchObject({ hint: "box has no doas." });
    bench.write("bin/doas", standInForDoas(bench.folder));
    chmodSync(bench.path("bin/doas"), 0o755);
    expect(lines("asked")).toEqual([]);
  });

  it.each(["ssh2", "openssh"] as const)(
    "is had with a password, which is said once and seen nowhere, over %s",
    async (transport) => {
      mode("password");
      const seen: string[] = [];
      const watch = setInterval(() => seen.push(allCommandLines()), 15);
      bench.write("secret", `${password}\nand more\n`);
      const link = reach({ transport, becomePassword: `file:${bench.path("secret")}` });
      const answers = await Promise.all([
        link.ask(whoAmI),
        link.ask({ argv: ["cat"], asRoot: true }),
        link.ask(whoAmI),
      ]);
      expect(answers.map(({ stdout }) => stdout)).toEqual(["0\n", "", "0\n"]);
      const environment = await link.ask({
        argv: ["sh", "-c", "env; set; cat /proc/$PPID/environ"],
        asRoot: true,
      });
      const followed: string[] = [];
      await link.follow(
        { argv: ["sh", "-c", "id -u; cat"], asRoot: true },
        (line) => followed.push(line),
        new AbortController().signal,
      );
      clearInterval(watch);
      expect(followed).toEqual(["0"]);
      expect(JSON.stringify([answers, environment, followed, link.state(), seen])).not.toContain("canary");
      // One for the shell, one for what was followed.
      expect(lines("passwords")).toEqual([password, password]);
    },
  );

  it.each(["ssh2", "openssh"] as const)(
    "is had by doas with a password, which is given to its terminal, over %s",
    async (transport) => {
      mode("free");
      bench.write("secret", `${password}\n`);
      const link = reach({ transport, become: "doas", becomePassword: `file:${bench.path("secret")}` });
      expect(await link.ask(whoAmI)).toMatchObject({ exitCode: 0, stdout: "0\n", stderr: "" });
      const apart = { argv: ["sh", "-c", "echo out; echo err >&2; exit 3"], asRoot: true } as const;
      expect(await link.ask(apart)).toMatchObject({ exitCode: 3, stdout: "out\n", stderr: "err\n" });
      expect((await link.ask({ argv: ["sh", "-c", "echo $TZ"], asRoot: true })).stdout).toBe("UTC\n");
      const followed: string[] = [];
      const follow = { argv: ["sh", "-c", "id -u; cat"], asRoot: true } as const;
      await link.follow(follow, (line) => followed.push(line), new AbortController().signal);
      expect(followed).toEqual(["0"]);
      expect(lines("passwords")).toEqual([password, password]);
    },
  );

  it("is not had by doas with a wrong password, and says so", async () => {
    mode("free");
    bench.write("secret", "canary: wrong\n");
    const link = reach({ become: "doas", becomePassword: `file:${bench.path("secret")}` });
    const hint = "The password is wrong. It is not tried again.";
    for (const _ of [1, 2])
      await expect(link.ask(whoAmI)).rejects.toMatchObject({ code: "unprivileged", hint });
    expect(lines("passwords")).toEqual(["canary: wrong"]);
  });

  it("is not tried again with a password that was wrong", async () => {
    mode("password");
    const given: Buffer[] = [];
    const link = reach(
      {},
      {
        askSecret: async () => {
          given.push(Buffer.from("canary: wrong"));
          return given.at(-1);
        },
      },
    );
    for (const _ of [1, 2, 3]) {
      const error = await link.ask(whoAmI).catch((error: unknown) => error);
      expect(error).toBeInstanceOf(Unprivileged);
      expect(`${error} ${(error as Unprivileged).hint}`).not.toContain("canary");
    }
    expect(lines("passwords")).toEqual(["canary: wrong"]);
    expect(given).toHaveLength(1);
    expect(given[0]?.every((byte) => byte === 0)).toBe(true);
    expect((await link.ask(command("echo", "well"))).stdout).toBe("well\n");
  });

  it("is never asked a password of when the host does not ask for it in our words", async () => {
    mode("denied");
    const link = reach(
      {},
      { askSecret: async () => Buffer.from(password), patience: { channelTimeoutMs: 1500 } },
    );
    await expect(link.ask(whoAmI)).rejects.toBeInstanceOf(Unprivileged);
    expect(lines("passwords")).toEqual([]);
  });

  it("reads a secret from the environment and from a program, and says which it could not", async () => {
    mode("password");
    process.env["SCRAP_TEST_SECRET"] = password;
    expect((await reach({ becomePassword: "env:SCRAP_TEST_SECRET" }).ask(whoAmI)).stdout).toBe("0\n");
    delete process.env["SCRAP_TEST_SECRET"];
    bench.write("secret", `${password}\n`);
    expect((await reach({ becomePassword: `cmd:cat ${bench.path("secret")}` }).ask(whoAmI)).stdout).toBe(
      "0\n",
    );
    await expect(reach({ becomePassword: "env:SCRAP_TEST_NONE" }).ask(whoAmI)).rejects.toThrow(
      /env:SCRAP_TEST_NONE/,
    );
  });
});

function allCommandLines(): string {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8");
      } catch {
        return "";
      }
    })
    .join("\n");
}
