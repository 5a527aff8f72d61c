import type { Link } from "../transport/transport.ts";
import type { HostCollector } from "./collect-host.ts";

/** Keeps one host's answers fresh until `signal`. One that does not answer never holds up the others. Rejects with a bug. */
export async function watchHost(
  link: Link,
  collector: HostCollector,
  minFreshMs: number,
  signal: AbortSignal,
): Promise<void> {
  const broken = new AbortController();
  // Its own: a signal looks through all who listen to it whenever one more does, and there may be hundreds of hosts.
  const own = AbortSignal.any([signal, broken.signal]);
  while (!own.aborted) {
    let isOver = false;
    const round = collector
      .round(own)
      .catch((bug: unknown) => broken.abort(bug))
      .finally(() => {
        isOver = true;
      });
    // A hung question keeps its own round open only: what else grows old meanwhile is asked in the next.
    const enough = pause(minFreshMs, own);
    await Promise.race([round, enough.over]);
    enough.end();
    // How a long round ends decides what is next: a host that did not let us in after all is tried again.
    const rest = pause(nextAt(link, collector) - Date.now(), own);
    await (isOver ? rest.over : Promise.race([round, rest.over]));
    rest.end();
  }
  if (broken.signal.aborted) throw broken.signal.reason;
}

function nextAt(link: Link, collector: HostCollector): number {
  const state = link.state();
  if (state.status === "down") return state.retryAt?.getTime() ?? Number.POSITIVE_INFINITY;
  return collector.nextDueAt();
}

const longest = 60_000;

/** Wakes at least every minute to look again; is over early when `signal` or `end` says so. */
function pause(ms: number, signal: AbortSignal): { readonly over: Promise<void>; readonly end: () => void } {
  let end = () => {};
  const over = new Promise<void>((resolve) => {
    end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, Math.min(Math.max(ms, 50), longest));
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
  return { over, end };
}
