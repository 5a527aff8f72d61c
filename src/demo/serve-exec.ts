import { createInterface } from "node:readline";
import type { ServerChannel } from "ssh2";
import type { Machine } from "./machine.ts";
import { createSimulatedShell, type Said } from "./shell.ts";

/** What a client starts on a host: a shell that reads commands, a job that reads one, or a command itself. */
export function serveExec(channel: ServerChannel, command: string, machine: Machine): void {
  if (command === "exec /bin/sh -s") serveShell(channel, machine);
  else if (/^exec \/bin\/sh -c 'IFS= read -r c && eval "\$c"'$/.test(command)) serveJob(channel, machine);
  else end(channel, createSimulatedShell(machine)(command));
}

/** Reads commands until the client has no more. */
export function serveShell(channel: ServerChannel, machine: Machine): void {
  const shell = createSimulatedShell(machine);
  const lines = createInterface({ input: channel, crlfDelay: 0 });
  lines.on("line", (line) => write(channel, shell(line)));
  lines.on("close", () => {
    if (!channel.writable) return;
    channel.exit(0);
    channel.end();
  });
}

/** The job is between what prepares it and what ends it when the client goes. */
function serveJob(channel: ServerChannel, machine: Machine): void {
  const shell = createSimulatedShell(machine);
  createInterface({ input: channel, crlfDelay: 0 }).once("line", (line) => {
    const job = /exec 3<&0; (.*) <\/dev\/null 3<&- & c=\$!;/s.exec(line)?.[1];
    end(channel, shell((job ?? line).replaceAll(`'"$n"'`, "\n")));
  });
}

/** Says it, and ends with its exit code; where it goes on, not until the client has enough. */
function end(channel: ServerChannel, said: Said): void {
  write(channel, said);
  if (!said.follow) {
    channel.exit(said.exitCode);
    channel.end();
    return;
  }
  const stop = said.follow((text) => {
    if (channel.writable) channel.write(text);
  });
  channel.on("close", stop);
}

function write(channel: ServerChannel, { stdout, stderr }: Said): void {
  if (!channel.writable) return;
  if (stdout !== "") channel.write(stdout);
  if (stderr !== "") channel.stderr.write(stderr);
}
