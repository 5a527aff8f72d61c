import type { ServerChannel } from "ssh2";
import { login } from "./access.ts";
import type { Machine } from "./machine.ts";
import { createSimulatedShell } from "./shell.ts";

const keys = { interrupt: "\x03", end: "\x04", enter: "\r", newline: "\n", erase: ["\x7f", "\b"] } as const;

/** A shell for a person at a terminal: a prompt, a line that can be mended, and ^C for what goes on. */
export function serveTerminal(channel: ServerChannel, host: string, machine: Machine): void {
  const shell = createSimulatedShell(machine);
  let line = "";
  let stop: (() => void) | undefined;
  const print = (text: string) => {
    if (channel.writable) channel.write(text.replaceAll("\n", "\r\n"));
  };
  const prompt = () => print(`${login}@${host}:~$ `);
  const leave = () => {
    print("logout\n");
    channel.exit(0);
    channel.end();
  };
  const interrupt = () => {
    stop?.();
    stop = undefined;
    line = "";
    print("^C\n");
    prompt();
  };
  const enter = () => {
    const command = line.trim();
    line = "";
    print("\n");
    if (command === "exit" || command === "logout") return leave();
    const said = shell(command);
    print(said.stdout + said.stderr);
    if (said.follow) stop = said.follow(print);
    else prompt();
  };
  const press = (key: string) => {
    if (key === keys.interrupt) interrupt();
    else if (stop) return;
    else if (key === keys.enter || key === keys.newline) enter();
    else if (key === keys.end && line === "") leave();
    else if (keys.erase.some((each) => each === key)) {
      if (line !== "") print("\b \b");
      line = [...line].slice(0, -1).join("");
    } else if (key >= " ") {
      line += key;
      print(key);
    }
  };
  channel.on("data", (bytes: Buffer) => {
    for (const key of withoutArrows(bytes.toString("utf8"))) press(key);
  });
  channel.on("close", () => stop?.());
  print(`Linux ${host}, simulated: a few programs answer here, and nothing you do lasts.\n`);
  prompt();
}

/** Arrows and the like: there is no history to walk in. */
const withoutArrows = (typed: string) =>
  typed
    .split("\x1b")
    .map((part, index) => (index === 0 ? part : part.replace(/^[[O][\d;]*[A-Za-z~]/, "")))
    .join("");
