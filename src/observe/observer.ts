import type { Backend } from "../backends/contract.ts";
import type { Inventory } from "../inventory/inventory.ts";
import type { HomelabReader } from "../model/homelab.ts";
import { type HostState, newHost, type State } from "../model/state.ts";
import type { Store } from "../model/store.ts";
import type { Transport } from "../transport/transport.ts";
import { checksOn } from "./checks.ts";
import { createHostCollector, type HostCollector } from "./collect-host.ts";
import { watchHost } from "./watch.ts";

/** Keeps the store true. */
export interface Observer {
  /** Asks these hosts everything once. Resolves when all answered, gave up, or `signal` says so. */
  readonly once: (hosts: readonly string[], signal: AbortSignal) => Promise<void>;
  /** Asks them again whenever an answer grows old, until `signal`. */
  readonly watch: (hosts: readonly string[], signal: AbortSignal) => Promise<void>;
  /** The next time that they are asked, it is everything. */
  readonly forget: (hosts: readonly string[]) => void;
}

interface Options {
  readonly inventory: Inventory;
  readonly transport: Transport;
  readonly backends: readonly Backend[];
  readonly store: Store<State>;
  readonly reader: HomelabReader;
  /** Nothing is asked more often than that. */
  readonly minFreshMs: number;
  /** Are the health checks of services run? */
  readonly isChecking?: boolean;
}

export function createObserver(options: Options): Observer {
  const { inventory, transport, backends, store, reader, minFreshMs, isChecking = true } = options;
  const collectors = new Map<string, HostCollector>();
  const latest = createLatest(store);

  function collectorOf(name: string): HostCollector {
    const known = collectors.get(name);
    if (known) return known;
    const link = transport.link(name);
    const update = (change: (host: HostState) => HostState) => latest.update(name, change);
    // While it is tried again, a host is as unreachable as before.
    link.subscribe((state) =>
      update((host) =>
        state.status === "connecting" && host.link.status === "down" ? host : { ...host, link: state },
      ),
    );
    const collector = createHostCollector({
      link,
      backends,
      minFreshMs,
      get: () => latest.get(name),
      update,
      checks: () => checksFor(name),
    });
    collectors.set(name, collector);
    return collector;
  }

  function checksFor(name: string) {
    if (!isChecking || inventory.services.size === 0) return [];
    latest.publish();
    const here = reader.resources(latest.get(name));
    return checksOn(name, reader.services(store.get()), here, backends);
  }

  return {
    once: async (hosts, signal) => {
      const rounds = () => Promise.all(hosts.map((host) => collectorOf(host).round(signal)));
      // Where a service runs is known only after the first: its check may be asked from a host that had finished.
      await Promise.race([rounds().then(rounds), aborted(signal)]);
      latest.publish();
    },
    watch: async (hosts, signal) => {
      await Promise.all(
        hosts.map((host) => watchHost(transport.link(host), collectorOf(host), minFreshMs, signal)),
      );
    },
    forget: (hosts) => {
      for (const host of hosts) collectors.get(host)?.forget();
    },
  };
}

/** Whoever hangs then hangs alone. */
const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });

interface Latest {
  readonly get: (name: string) => HostState;
  readonly update: (name: string, change: (host: HostState) => HostState) => void;
  readonly publish: () => void;
}

// Nobody sees a difference, and what many hosts answer at a time is one change.
const publishMs = 20;

/** What is known of each host at this moment. The store learns it together with what else comes shortly. */
function createLatest(store: Store<State>): Latest {
  const changed = new Map<string, HostState>();
  let timer: NodeJS.Timeout | undefined;
  const get = (name: string) => changed.get(name) ?? store.get().hosts.get(name) ?? newHost(name);
  const publish = () => {
    clearTimeout(timer);
    timer = undefined;
    if (changed.size === 0) return;
    const hosts = [...changed];
    changed.clear();
    store.update((state) => {
      const all = new Map(state.hosts);
      for (const [name, host] of hosts) all.set(name, host);
      return { ...state, hosts: all };
    });
  };
  return {
    get,
    publish,
    update: (name, change) => {
      const before = get(name);
      const after = change(before);
      if (after === before) return;
      changed.set(name, after);
      timer ??= setTimeout(publish, publishMs);
    },
  };
}
