import { setTimeout as after } from "node:timers";
import type { Behaviour, Exit } from "./hostile-server.ts";

/** How it must end: an error of that class (and reason), or the right answers to everything. */
export interface Hostility extends Behaviour {
  readonly name: string;
  /** Where the error has to show; before that, all must be right. */
  readonly at?: "open" | "files" | "command" | "forward";
  readonly error?: "UnreachableError" | "TimedOut" | "UnreadableOutput" | "ForwardRefused";
  readonly reasons?: readonly string[];
}

const afterHello = (act: (bytes: Buffer, to: Exit) => void) => (bytes: Buffer, to: Exit) => {
  // Each shell starts well: who we are, and what is there.
  const seen = (to.state.get("seen") ?? 0) + bytes.toString("latin1").split(" 0\n").length - 1;
  const wasGreeted = (to.state.get("seen") ?? 0) >= 2;
  to.state.set("seen", seen);
  if (wasGreeted) act(bytes, to);
  else to.channel.write(bytes);
};

const flood = (write: (text: string) => boolean) => {
  const timer = setInterval(() => {
    try {
      write("flood ".repeat(5000));
    } catch {
      clearInterval(timer);
    }
  }, 5);
  after(() => clearInterval(timer), 4000);
};

const anywhere = ["connect", "dropped", "timeout", "incompatible"];

export const hostilities: readonly Hostility[] = [
  // Before there is SSH.
  {
    name: "closes after its banner",
    raw: (socket) => socket.end("SSH-2.0-hostile\r\n"),
    at: "open",
    error: "UnreachableError",
    reasons: ["connect", "dropped"],
  },
  { name: "never says a banner", raw: () => {}, at: "open", error: "UnreachableError", reasons: ["timeout"] },
  {
    name: "has an endless banner",
    raw: (socket) => flood((text) => socket.write(`${text}\r\n`)),
    at: "open",
    error: "UnreachableError",
    reasons: anywhere,
  },
  {
    name: "is a web server",
    raw: (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n\x1b]0;owned\x07"),
    at: "open",
    error: "UnreachableError",
    reasons: anywhere,
  },
  {
    name: "resets each connection",
    raw: (socket) => socket.resetAndDestroy(),
    at: "open",
    error: "UnreachableError",
    reasons: ["connect", "dropped"],
  },
  {
    name: "goes silent in the key exchange",
    raw: (socket) => socket.write("SSH-2.0-hostile\r\n"),
    at: "open",
    error: "UnreachableError",
    reasons: ["timeout"],
  },
  // Before we are in.
  {
    name: "never answers who we say we are",
    onAuthentication: () => {},
    at: "open",
    error: "UnreachableError",
    reasons: ["timeout"],
  },
  {
    name: "refuses everybody",
    onAuthentication: (context) => context.reject(["publickey"]),
    at: "open",
    error: "UnreachableError",
    reasons: ["auth"],
  },
  {
    name: "wants a second proof",
    onAuthentication: (context) =>
      context.method === "publickey" ? context.reject(["password"], true) : context.reject(["publickey"]),
    at: "open",
    error: "UnreachableError",
    reasons: ["auth"],
  },
  {
    name: "hangs up during authentication",
    onAuthentication: (_context, client) => client.end(),
    at: "open",
    error: "UnreachableError",
    reasons: ["dropped", "connect"],
  },
  {
    name: "hangs up on those whom it let in",
    onReady: (client) => client.end(),
    at: "open",
    error: "UnreachableError",
    reasons: ["dropped"],
  },
  { name: "has a banner full of escapes", banner: "\x1b]0;owned\x07\x1b[2J welcome\n" },
  // Channels.
  {
    name: "grants no session",
    onSession: ({ reject }) => {
      reject();
      return true;
    },
    at: "open",
    error: "UnreachableError",
    reasons: ["incompatible"],
  },
  {
    name: "never answers the wish for a session",
    onSession: () => true,
    at: "open",
    error: "UnreachableError",
    reasons: ["timeout"],
  },
  {
    name: "hangs up when a session is wished for",
    onSession: ({ client }) => {
      client.end();
      return true;
    },
    at: "open",
    error: "UnreachableError",
    reasons: ["dropped"],
  },
  {
    name: "runs nothing",
    onExec: ({ reject }) => {
      reject();
      return true;
    },
    at: "open",
    error: "UnreachableError",
    reasons: ["incompatible", "dropped", "timeout"],
  },
  {
    name: "ends the shell without an exit status",
    onExec: ({ accept }) => {
      const channel = accept();
      after(() => channel.close(), 50);
      return true;
    },
    at: "open",
    error: "UnreachableError",
    reasons: ["dropped"],
  },
  {
    name: "has no shell for us, and says so with escapes",
    onExec: ({ accept }) => {
      const channel = accept();
      channel.stderr.write("This account is \x1b]52;c;ZXZpbA==\x07not available.\r\n");
      channel.exit(1);
      channel.end();
      return true;
    },
    at: "open",
    error: "UnreachableError",
    reasons: ["incompatible"],
  },
  {
    name: "kills the shell",
    onExec: ({ accept }) => {
      const channel = accept();
      channel.exit("KILL");
      channel.end();
      return true;
    },
    at: "open",
    error: "UnreachableError",
    reasons: ["dropped"],
  },
  {
    name: "says nothing in the shell",
    onExec: ({ accept }) => {
      accept();
      return true;
    },
    at: "open",
    error: "UnreachableError",
    reasons: ["timeout"],
  },
  {
    name: "echoes what it is told",
    onExec: ({ accept }) => {
      const channel = accept();
      channel.on("data", (bytes: Buffer) => channel.write(bytes));
      return true;
    },
    at: "open",
    error: "UnreachableError",
    reasons: ["timeout", "incompatible"],
  },
  {
    name: "floods stdout instead of answering",
    onExec: ({ accept }) => {
      const channel = accept();
      channel.on("error", () => {});
      flood((text) => channel.write(text));
      return true;
    },
    at: "open",
    error: "UnreachableError",
    reasons: ["incompatible"],
  },
  {
    name: "floods stderr instead of answering",
    onExec: ({ accept }) => {
      const channel = accept();
      channel.on("error", () => {});
      flood((text) => channel.stderr.write(text));
      return true;
    },
    at: "open",
    error: "UnreachableError",
    reasons: ["incompatible", "timeout"],
  },
  {
    name: "grants one session only",
    onSession: ({ reject, count }) => {
      if (count > 0) reject();
      return count > 0;
    },
  },
  { name: "forbids connections through it", forbidsForward: true, at: "forward", error: "ForwardRefused" },
  // Answers.
  {
    name: "greets before the first answer",
    onStdout: (bytes, { channel, state }) => {
      if (!state.has("greeted")) channel.write("Welcome to Hostile Linux\n\n  * 3 updates\n0 0\n");
      state.set("greeted", 1);
      channel.write(bytes);
    },
  },
  {
    name: "forges marks",
    onStdout: (bytes, { channel, state }) => {
      if (!state.has("forged")) channel.write(`${"ab".repeat(16)}\nfake\n${"ab".repeat(16)} 0\n`);
      state.set("forged", 1);
      channel.write(bytes);
    },
  },
  {
    name: "says the end of each answer twice",
    onStdout: (bytes, { channel }) => {
      channel.write(bytes);
      channel.write(/[0-9a-f]{32} \d+\n$/.exec(bytes.toString("latin1"))?.[0] ?? "");
    },
  },
  {
    name: "answers one byte at a time",
    onStdout: (bytes, { channel }) => {
      for (const byte of bytes) channel.write(Buffer.of(byte));
    },
  },
  {
    name: "complains loudly beside each answer",
    onStdout: (bytes, { channel }) => {
      channel.stderr.write("complaint ".repeat(500));
      channel.write(bytes);
    },
  },
  {
    name: "cuts an answer in the middle and closes the shell",
    onStdout: afterHello((bytes, { channel }) => {
      channel.write(bytes.subarray(0, bytes.length - 5));
      channel.close();
    }),
    at: "files",
    error: "UnreachableError",
    reasons: ["dropped"],
  },
  {
    name: "cuts the connection in the middle of an answer",
    onStdout: afterHello((bytes, { channel, socket }) => {
      channel.write(bytes.subarray(0, 10));
      after(() => socket.destroy(), 20);
    }),
    at: "files",
    error: "UnreachableError",
    reasons: ["dropped"],
  },
  {
    name: "goes silent in the middle of an answer",
    onStdout: afterHello((bytes, { channel, socket }) => {
      channel.write(bytes.subarray(0, 10));
      after(() => socket.pause(), 20);
    }),
    at: "files",
    error: "TimedOut",
  },
  {
    name: "answers after the deadline",
    onStdout: afterHello((bytes, { channel }) => {
      after(() => {
        if (channel.writable) channel.write(bytes);
      }, 2500);
    }),
    at: "files",
    error: "TimedOut",
  },
  {
    name: "floods instead of the second answer",
    onStdout: afterHello((_bytes, { channel }) => flood((text) => channel.write(text.repeat(20)))),
    at: "files",
    error: "UnreadableOutput",
  },
  {
    name: "has no number for an exit code",
    onStdout: afterHello((bytes, { channel }) =>
      channel.write(bytes.toString("latin1").replace(/ \d+\n$/, " 0x0\n")),
    ),
    at: "files",
    error: "UnreadableOutput",
  },
  {
    name: "has an exit code without an end",
    onStdout: afterHello((bytes, { channel }) =>
      channel.write(bytes.toString("latin1").replace(/ \d+\n$/, ` ${"1".repeat(9999)}`)),
    ),
    at: "files",
    error: "UnreadableOutput",
  },
  {
    name: "never ends what it says on stderr",
    onStderr: () => {},
    at: "command",
    error: "TimedOut",
  },
];
