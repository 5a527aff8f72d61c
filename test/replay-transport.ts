import { type Output, type Question, toShell } from "../src/command/command.ts";
import { UnreachableError, UsageError } from "../src/errors.ts";
import type { Access, Link, LinkState, Transport } from "../src/transport/transport.ts";
import { readScene } from "./recording.ts";

/** Scenes, the first goes before the others; or why the host does not let us in. */
export type Replayed = readonly string[] | UnreachableError;

/** Hosts that answer from scenes. As strict as a real one: what was not recorded is not answered but thrown as a bug. */
export function createReplayTransport(hosts: Readonly<Record<string, Replayed>>): Transport {
  const links = new Map(
    Object.entries(hosts).map(([name, scenes]) => [name, createReplayLink(name, scenes)]),
  );
  return {
    link(name) {
      const link = links.get(name);
      if (!link) throw new UsageError(`no host ${name}`);
      return link;
    },
    close: async () => {},
  };
}

const access: Access = {
  driver: "ssh2",
  driverReason: "a recording",
  destination: "root@192.0.2.1:22",
  hostKey: "SHA256:recorded",
  login: { user: "root", uid: 0, how: "a recording" },
  privilege: "root",
};

const isAway = (scenes: Replayed): scenes is UnreachableError => scenes instanceof UnreachableError;

function createReplayLink(host: string, scenes: Replayed): Link {
  const recordings = isAway(scenes) ? [] : scenes.flatMap(readScene);
  const listeners = new Set<(state: LinkState) => void>();
  let state: LinkState = { status: "idle" };
  const become = (next: LinkState) => {
    state = next;
    for (const listener of listeners) listener(next);
  };
  return {
    host,
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async open() {
      if (isAway(scenes)) {
        become({ status: "down", since: new Date(), error: scenes });
        throw scenes;
      }
      if (state.status !== "up") become({ status: "up", since: new Date(), access });
      return access;
    },
    async ask(question: Question): Promise<Output> {
      if (isAway(scenes)) throw scenes;
      const text = toShell(question);
      const found =
        recordings.find(({ shell }) => shell === text) ??
        // What is looked for grows with every backend; the scene was recorded with those of its day.
        recordings.findLast(
          ({ file }) => file === "look.txt" && "programs" in question && question.programs.length > 0,
        );
      if (!found) throw new Error(`${host} (${String(scenes)}) was never asked: ${text}`);
      return { ...found.output, at: found.at };
    },
    stream: () => Promise.reject(new Error("nothing was recorded that could be passed on")),
    follow: () => Promise.reject(new Error("nothing was recorded that could be followed")),
    forward: () => Promise.reject(new Error("nothing was recorded behind a port")),
    close: async () => {},
  };
}
