import { backends } from "./backends/registry.ts";
import type { Session } from "./cli/context.ts";
import type { Inventory } from "./inventory/inventory.ts";
import { createLedger } from "./memory/ledger.ts";
import { openPast, type Past } from "./memory/past.ts";
import { placesByHost } from "./model/data.ts";
import { createHomelabReader, type Homelab } from "./model/homelab.ts";
import type { KnownService, RestOf } from "./model/services.ts";
import { isComplete, newHost, type State } from "./model/state.ts";
import { createStore } from "./model/store.ts";
import { createObserver, type Observer } from "./observe/observer.ts";
import type { Transport } from "./transport/transport.ts";

/** A session as the cockpit needs it. */
export interface ObservedSession extends Session {
  /** Of a session that watches all the time there is one observer: a second would write over what the first was told. */
  readonly observe: (minFreshMs: number) => Observer;
  /** Did that host tell everything that it is asked? */
  readonly isAnswered: (host: string) => boolean;
}

/** Ties what asks to what knows. `fail` is told of a bug in the background: it must not look like a quiet homelab. */
export function createSession(
  inventory: Inventory,
  transport: Transport,
  interrupted: AbortSignal,
  fail: (error: unknown) => void,
  restOf?: RestOf,
  past: Past = openPast(undefined, {}, ""),
): ObservedSession {
  const places = placesByHost(inventory);
  const store = createStore<State>({
    hosts: new Map([...inventory.hosts.keys()].map((name) => [name, newHost(name, places.get(name))])),
    backups: past.backups(),
  });
  const reader = createHomelabReader(inventory, backends, restOf);
  const { count, watch, save } = createCount(past);
  const observe = (minFreshMs: number, asked = backends, isChecking = true) =>
    createObserver({ inventory, transport, backends: asked, store, reader, minFreshMs, isChecking });
  return {
    inventory,
    backends,
    transport,
    // Nothing grows old in a single round, however long it takes.
    once: (hosts, timeoutMs, eyes) => {
      const asked = eyes ? backends.filter(eyes) : backends;
      return observe(timeoutMs, asked, eyes === undefined).once(
        hosts,
        AbortSignal.any([interrupted, AbortSignal.timeout(Math.ceil(timeoutMs))]),
      );
    },
    watch: (hosts, refreshMs, signal) => {
      watch();
      observe(refreshMs).watch(hosts, signal).catch(fail);
    },
    observe: (minFreshMs) => {
      watch();
      return observe(minFreshMs);
    },
    read: (hosts) => count(reader.read(store.get(), hosts)),
    state: store.get,
    isAnswered: (host) => {
      const known = store.get().hosts.get(host);
      return known !== undefined && isComplete(known);
    },
    subscribe: store.subscribe,
    learn: (more) => {
      const backups = past.learn(more);
      save();
      store.update((state) => ({ ...state, backups }));
    },
    close: async () => {
      save();
      await transport.close();
    },
  };
}

/** Keeps count of how long services were down while somebody watches, and says what is left of what they may be. */
function createCount({ ledger: kept }: Past) {
  const ledger = createLedger(kept);
  const counted = new WeakMap<KnownService, KnownService>();
  let isWatching = false;
  const withBudget = (known: KnownService, now: number): KnownService => {
    const budget = ledger.budgetOf(known, now);
    if (!budget) return known;
    const before = counted.get(known);
    if (before?.budget === budget) return before;
    const after = { ...known, budget };
    counted.set(known, after);
    return after;
  };
  return {
    watch: () => {
      isWatching = true;
    },
    count: (homelab: Homelab): Homelab => {
      const now = Date.now();
      if (isWatching) ledger.note(homelab.services);
      ledger.save("due");
      return { ...homelab, services: homelab.services.map((known) => withBudget(known, now)) };
    },
    save: () => ledger.save("now"),
  };
}
