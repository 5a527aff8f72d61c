import type { Observer } from "./observer.ts";

/** Who is watched just now. Each host by itself: one is asked anew while the others are left alone. */
export interface Rota {
  readonly start: () => void;
  readonly setPaused: (isPaused: boolean) => void;
  /** Asks these hosts everything, those too that are away; while paused just this once. */
  readonly refresh: (hosts: readonly string[]) => void;
  readonly end: () => void;
}

interface Options {
  readonly hosts: readonly string[];
  readonly observer: Observer;
  /** Forgets why a host is away. Its link would refuse to be opened else. */
  readonly release: (host: string) => Promise<void>;
  /** How long a host may take that is asked while paused. */
  readonly patienceMs: number;
  /** Told of a bug: it must not look like a quiet homelab. */
  readonly fail: (error: unknown) => void;
}

export function createRota({ hosts, observer, release, patienceMs, fail }: Options): Rota {
  const watches = new Map<string, AbortController>();
  let isPaused = false;
  let isOver = false;

  const stop = (host: string) => {
    watches.get(host)?.abort();
    watches.delete(host);
  };
  const watch = (host: string) => {
    stop(host);
    const watching = new AbortController();
    watches.set(host, watching);
    observer.watch([host], watching.signal).catch(fail);
  };
  const stopAll = () => {
    for (const host of [...watches.keys()]) stop(host);
  };
  const start = () => {
    if (isPaused || isOver) return;
    for (const host of hosts) if (!watches.has(host)) watch(host);
  };

  async function refresh(host: string) {
    await release(host);
    // The person may have left while a link was closing: nobody would end a watch that begins now.
    if (isOver) return;
    observer.forget([host]);
    if (isPaused) await observer.once([host], AbortSignal.timeout(patienceMs));
    else watch(host);
  }

  return {
    start,
    setPaused: (on) => {
      isPaused = on;
      if (on) stopAll();
      else start();
    },
    refresh: (names) => {
      for (const name of names) refresh(name).catch(fail);
    },
    end: () => {
      isOver = true;
      stopAll();
    },
  };
}
