/** Makes a picture when it is due. */
export interface Pacer {
  readonly now: () => void;
  /** However often it is called, it is made once, a moment later. */
  readonly soon: () => void;
  readonly stop: () => void;
}

/** Makes a picture soon after something changed, and never spends more than its share of the time on it. */
export function createPacer(leastMs: number, make: () => void): Pacer {
  let waitMs = leastMs;
  let timer: NodeJS.Timeout | undefined;
  let madeAt = Number.NEGATIVE_INFINITY;
  const now = () => {
    clearTimeout(timer);
    timer = undefined;
    const startedAt = performance.now();
    make();
    madeAt = performance.now();
    waitMs = Math.max(leastMs, (madeAt - startedAt) * shareOfTime);
  };
  return {
    now,
    soon: () => {
      timer ??= setTimeout(now, Math.max(0, madeAt + waitMs - performance.now()));
    },
    stop: () => clearTimeout(timer),
  };
}

// Of the time, at most a tenth is for pictures: what takes long to make is made more rarely.
const shareOfTime = 10;
