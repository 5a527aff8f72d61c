import { get } from "node:http";
import { CannotMeasure } from "./bench.ts";

/** Asks a service again and again whether it is there. */
export interface Prober {
  /** Resolves with how long it was away at most between two answers, in ms. Rejects with `CannotMeasure` where it was never there. */
  readonly stop: () => Promise<number>;
}

const everyMs = 50;
/** An answer that takes longer is none. */
const patienceMs = 500;

/** A new connection each time, none of which waits for the one before it. */
export function startProber(url: string): Prober {
  const answered: number[] = [];
  const probe = () => {
    const askedAt = performance.now();
    const request = get(url, { agent: false, timeout: patienceMs }, (response) => {
      response.resume();
      if (response.statusCode === 200 && performance.now() - askedAt < patienceMs) answered.push(askedAt);
    });
    request.on("timeout", () => request.destroy()).on("error", () => {});
  };
  const timer = setInterval(probe, everyMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await new Promise((resolve) => setTimeout(resolve, patienceMs));
      if (answered.length === 0) throw new CannotMeasure(`${url} never answered from here`);
      const times = answered.toSorted((a, b) => a - b);
      return Math.max(0, ...times.slice(1).map((at, index) => at - (times[index] ?? at)));
    },
  };
}
