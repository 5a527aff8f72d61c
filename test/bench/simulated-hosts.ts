import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import ssh2, { type ServerChannel } from "ssh2";
import { createSimulatedShell } from "../../src/demo/shell.ts";
import { type Recording, readScene } from "../recording.ts";
import { createRecordedMachine } from "./recorded-machine.ts";

/**
 * Many hosts in one process: `node simulated-hosts.ts --hosts 500 --port 22023 --host-key FILE --scene NAME…`. They listen on
 * 127.0.2.1 and following, let everybody in, and answer from recordings. Each line of stdout counts what they did
 * so far, as JSON.
 */
export interface Counts {
  readonly listening: number;
  readonly connections: number;
  /** Connections so far that were asked for their load, which comes after the look. */
  readonly connected: number;
  readonly answers: number;
}

const { values } = parseArgs({
  options: {
    hosts: { type: "string", default: "500" },
    port: { type: "string", default: "22023" },
    "host-key": { type: "string", default: "" },
    scene: { type: "string", multiple: true, default: [] },
  },
});

const hostKeys = [readFileSync(values["host-key"])];
const scenes = values.scene.map((scene) => toAnswers(readScene(scene)));
let [listening, connections, connected, answers] = [0, 0, 0, 0];

for (let index = 0; index < Number(values.hosts); index++) {
  const address = `127.0.${2 + Math.floor(index / 250)}.${(index % 250) + 1}`;
  const ssh = new ssh2.Server({ hostKeys }, (client) => {
    connections++;
    const greet = toFirst(() => connected++);
    client.on("error", () => {});
    client.on("close", () => connections--);
    client.on("authentication", (context) =>
      context.method === "none" ? context.reject(["publickey"]) : context.accept(),
    );
    client.on("session", (accept) => accept().on("exec", (acceptExec) => serve(acceptExec(), index, greet)));
  });
  const server = createServer((socket) => ssh.injectSocket(socket));
  server.listen(Number(values.port), address, () => listening++);
}

setInterval(() => {
  const counts: Counts = { listening, connections, connected, answers };
  process.stdout.write(`${JSON.stringify(counts)}\n`);
}, 250);
// Whoever started us is gone.
process.stdin.resume().on("end", () => process.exit());

function serve(channel: ServerChannel, index: number, greet: () => void): void {
  const scene = scenes[index % scenes.length];
  const answer = createSimulatedShell(createRecordedMachine(scene ?? new Map(), files));
  channel.on("error", () => {});
  createInterface({ input: channel }).on("line", (line) => {
    const said = answer(line);
    if (!channel.writable) return;
    if (said.stdout !== "") answers++;
    if (line.includes("/proc/loadavg")) greet();
    if (said.stdout !== "") channel.write(said.stdout);
    if (said.stderr !== "") channel.stderr.write(said.stderr);
  });
}

/** Does it the first time only. */
function toFirst(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) act();
    isDone = true;
  };
}

/** Recordings by what was asked. */
function toAnswers(recordings: readonly Recording[]): ReadonlyMap<string, Recording> {
  return new Map(
    recordings.map((recording) => [recording.file === "look.txt" ? "look" : recording.shell, recording]),
  );
}

const changing = ["/proc/loadavg", "/proc/uptime"];
const fixed = new Map([["/proc/self/status", "Name:\tsh\nUid:\t0\t0\t0\t0\n"]]);

/** This machine's load and uptime, so that something changes; and that we are root. */
const files = (): ReadonlyMap<string, string> =>
  new Map([...fixed, ...changing.map((path) => [path, readFileSync(path, "utf8")] as const)]);
