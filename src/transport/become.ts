import { randomBytes } from "node:crypto";
import { type Output, quote } from "../command/command.ts";
import { Unprivileged } from "../errors.ts";
import type { Channel } from "./driver.ts";
import { sanitiseLine } from "./sanitise.ts";
import { shellEnvironment } from "./shell.ts";

/** For programs with a channel of their own: line one is what to do, and not a byte more is read of it by the shell. */
export const jobConstant = `exec /bin/sh -c 'IFS= read -r c && eval "$c"'`;

/**
 * Whether it was sudo or doas that said no, and not the command. They have no exit code of their own for that: both
 * say 1, and nothing on stdout.
 */
export function isRefusal({ exitCode, stdout, stderr }: Output): boolean {
  const lines = stderr.split("\n").filter((line) => line !== "");
  return exitCode === 1 && stdout === "" && isTheirs(lines[0]) && isTheirs(lines.at(-1));
}

const isTheirs = (line = "") => /^(sudo|doas): |^Sorry, user /.test(line);

type OnLine = (line: string, from: "stdout" | "stderr") => void;

/** For what is followed: holds back what sudo or doas say first, until it is known whether that was all. */
export function holdRefusal(onLine: OnLine): {
  readonly onLine: OnLine;
  readonly end: (exitCode: number) => string;
} {
  let held: string[] | undefined = [];
  const release = () => {
    for (const line of held ?? []) onLine(line, "stderr");
    held = undefined;
  };
  return {
    onLine: (line, from) => {
      if (held && from === "stderr" && isTheirs(line)) held.push(line);
      else {
        release();
        onLine(line, from);
      }
    },
    /** What they said, when they said no; else nothing. */
    end: (exitCode) => {
      if (held && isRefusal({ exitCode, stdout: "", stderr: held.join("\n") })) return held.join(" ");
      release();
      return "";
    },
  };
}

export function refusedError(host: string, text: string, why: string): Unprivileged {
  return new Unprivileged(`${host} does not let us run this as root: ${sanitiseLine(text, 1000)}`, {
    hint: why === "" ? undefined : sanitiseLine(why),
  });
}

interface Way {
  /** What a shell is told to have `root` run as root. */
  readonly text: (root: string, prompt: string) => string;
  /** What it asks with, on stderr. */
  readonly asks: (prompt: string) => RegExp;
}

/** The terminal says nothing back: a password that doas does not read must not come to us as its words. */
const doasText = (root: string) => {
  const doas = `stty -echo; exec doas /bin/sh -c ${quote(root)} <&3 >&4 2>&5`;
  return [
    "command -v script >/dev/null || { echo 'doas reads a password from a terminal only, and no script is there to give it one: install it (bsdutils, util-linux)' >&2; exit 1; }",
    "exec 3<&0 4>&1 5>&2",
    `{ IFS= read -r p && printf '%s\\n' "$p"; } <&3 | SHELL=/bin/sh script -qefc ${quote(doas)} /dev/null >&5 2>&5; exit`,
  ].join("; ");
};

/** By a password. sudo reads it where we say; doas from its terminal alone, which `script` is for it. */
const ways: Readonly<Record<"sudo" | "doas", Way>> = {
  sudo: {
    text: (root, prompt) => `exec sudo -S -p ${prompt} /bin/sh -c ${quote(root)}`,
    asks: (prompt) => new RegExp(prompt, "g"),
  },
  doas: { text: doasText, asks: () => /doas \([^()\n]*\) password: /g },
};

/**
 * Becomes root by password on a channel on which `jobConstant` runs, and then becomes `inner`.
 *
 * The password is written once, after a prompt was seen; nothing else is until a random mark was read: what sudo or doas
 * does not take would go to the command. Rejects with `Unprivileged`.
 */
export function becomeRoot(
  host: string,
  channel: Channel,
  {
    by,
    inner,
    password,
    timeoutMs,
  }: {
    readonly by: "sudo" | "doas";
    /** A shell text of one line. */
    readonly inner: string;
    readonly password: Buffer;
    readonly timeoutMs: number;
  },
): Promise<void> {
  const [prompt, mark] = [randomBytes(16).toString("hex"), randomBytes(16).toString("hex")];
  const { text, asks } = ways[by];
  const isWrong = () => refusedError(host, by, "The password is wrong. It is not tried again.");
  return new Promise((resolve, reject) => {
    let isAsked = false;
    let [said, complained] = ["", ""];
    const settle = (error?: Unprivileged) => {
      clearTimeout(timer);
      channel.stdout.off("data", onOutput);
      channel.stderr.off("data", onErrors);
      if (error) {
        channel.close();
        reject(error);
      } else resolve();
    };
    const doesNotAsk = () =>
      refusedError(host, by, "It did not ask for the password in the way we can answer.");
    const timer = setTimeout(() => settle(doesNotAsk()), timeoutMs);
    const onOutput = (bytes: Buffer) => {
      said = (said + bytes.toString("latin1")).slice(-100);
      if (!said.includes(mark)) return;
      // What waits to hand the password to doas would take our first words to root for it.
      settle(by === "doas" && !isAsked ? doesNotAsk() : undefined);
    };
    const onErrors = (bytes: Buffer) => {
      complained = (complained + bytes.toString("latin1")).slice(-4096);
      const asked = complained.match(asks(prompt))?.length ?? 0;
      if (asked > 0 && !isAsked) {
        isAsked = true;
        const line = Buffer.concat([password, Buffer.from("\n")]);
        channel.stdin.write(line, () => line.fill(0));
      }
      if (asked > 1) settle(isWrong());
    };
    channel.stdout.on("data", onOutput).resume();
    channel.stderr.on("data", onErrors).resume();
    void channel.ended.then(() => {
      const rest = complained.replace(asks(prompt), " ");
      settle(/^\s*doas: Authentication failed\s*$/.test(rest) ? isWrong() : refusedError(host, by, rest));
    });
    // The mark is in two halves, for the same reason as in a frame.
    const root = `echo ${mark.slice(0, 16)}""${mark.slice(16)}; ${inner}`;
    channel.stdin.write(`${shellEnvironment.trimEnd()}; ${text(root, prompt)}\n`);
  });
}
