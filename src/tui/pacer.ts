/** Makes a picture when it is due. */
export interface Pacer {
  readonly now: () => void;
  /** However often it is called, it is made once, a moment later. */
  readonly soon: () => void;
  readonly stop: () => void;
}

/**
 * Makes a picture soon after something changed, and never spends more than its share of the time on it. `make` tells for
 * how long its picture will do.
 */
export function createPacer(make: () => number): Pacer {
  let waitMs = 0;
  let timer: NodeJS.Timeout | undefined;
  let madeAt = Number.NEGATIVE_INFINITY;
  const now = () => {
    clearTimeout(timer);
    timer = undefined;
    const startedAt = performance.now();
    const leastMs = make();
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

/** Acts once, a moment after it was called first, however often it is called until then. */
export function createBurst(waitMs: number): (act: () => void) => void {
  let isWaiting = false;
  return (act) => {
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      act();
    }, waitMs);
  };
}
