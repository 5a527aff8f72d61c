import type { Duplex } from "node:stream";
import type { Backend } from "../../src/backends/contract.ts";
import { type Command, isCommand, type Output, type Question } from "../../src/command/command.ts";
import { UnreachableError } from "../../src/errors.ts";
import { createHomelabReader } from "../../src/model/homelab.ts";
import { newHost, type State } from "../../src/model/state.ts";
import { createStore } from "../../src/model/store.ts";
import { createObserver } from "../../src/observe/observer.ts";
import type { Link, LinkState, Transport } from "../../src/transport/transport.ts";
import { inventoryOf } from "../inventory-of.ts";
import { access, systemd } from "../simple-hosts.ts";

type Said = string | Partial<Output>;

/** How a host behaves. All of it may be changed while it is watched. */
export interface FakeHost {
  /** What it says to a command, by its first word. Rejects or throws as a link does. */
  says: (program: string, command: Command) => Said | Promise<Said>;
  /** The programs that are found there. */
  programs: readonly string[];
  forward: (address: string, port: number) => Promise<Duplex>;
  open: () => Promise<void>;
}

export interface FakeLink extends Link {
  readonly host: string;
  readonly is: FakeHost;
  readonly become: (state: LinkState) => void;
  /** All that it was asked, `look` for what is looked for. */
  readonly asked: string[];
}

export const lost = (host: string) => new UnreachableError("dropped", `${host} closed the connection.`);

export const up = (): LinkState => ({ status: "up", since: new Date(), access });

export const down = (host: string): LinkState => ({
  status: "down",
  since: new Date(),
  error: lost(host),
  retryAt: new Date(),
});

function createFakeLink(host: string): FakeLink {
  const listeners = new Set<(state: LinkState) => void>();
  const asked: string[] = [];
  let state: LinkState = { status: "idle" };
  const is: FakeHost = {
    says: () => "{}",
    programs: ["systemctl"],
    forward: () => Promise.reject(new Error("nothing listens")),
    open: async () => {},
  };
  const become = (next: LinkState) => {
    state = next;
    for (const listener of listeners) listener(next);
  };
  const answer = async (question: Question) => {
    if (isCommand(question)) {
      asked.push(question.argv.join(" "));
      return is.says(question.argv[0], question);
    }
    asked.push("look");
    return is.programs.map((program) => `+${program} /bin/${program}\n`).join("");
  };
  return {
    host,
    is,
    become,
    asked,
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    open: async () => {
      await is.open();
      if (state.status !== "up") become(up());
      return access;
    },
    ask: async (question) => {
      const said = await answer(question);
      return { exitCode: 0, stdout: "", stderr: "", ...(typeof said === "string" ? { stdout: said } : said) };
    },
    forward: (address, port) => is.forward(address, port),
    stream: () => Promise.reject(new Error("nobody streams in a test")),
    follow: () => Promise.reject(new Error("nobody follows a test")),
    close: async () => {},
  };
}

/** A homelab whose hosts do as they are told, observed as the product does. */
export async function createFakeLab(
  inventoryText: string,
  { backends = [systemd], minFreshMs = 1000 }: { backends?: readonly Backend[]; minFreshMs?: number } = {},
) {
  const inventory = await inventoryOf(inventoryText);
  const links = new Map([...inventory.hosts.keys()].map((name) => [name, createFakeLink(name)]));
  const link = (name: string) => {
    const found = links.get(name);
    if (!found) throw new Error(`no host ${name}`);
    return found;
  };
  const transport: Transport = { link, close: async () => {} };
  const store = createStore<State>({
    hosts: new Map([...inventory.hosts.keys()].map((name) => [name, newHost(name)])),
  });
  const reader = createHomelabReader(inventory, backends);
  const names = [...inventory.hosts.keys()];
  const observer = createObserver({ inventory, transport, backends, store, reader, minFreshMs });
  return {
    link,
    store,
    once: (signal: AbortSignal = AbortSignal.timeout(5000)) => observer.once(names, signal),
    watch: (signal: AbortSignal) => observer.watch(names, signal),
    homelab: () => reader.read(store.get(), names),
    host: (name: string) => {
      const host = reader.read(store.get(), names).hosts.find((each) => each.name === name);
      if (!host) throw new Error(`no host ${name}`);
      return host;
    },
  };
}
