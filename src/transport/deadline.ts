/** Settles as `work` does, or after `timeoutMs` rejects with what `miss` makes. The work is not stopped by that. */
export function withDeadline<Value>(
  work: Promise<Value>,
  timeoutMs: number,
  miss: () => Error,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(miss()), timeoutMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** A clock that can be stopped: nobody is late while a person types a passphrase. */
export interface Deadline {
  readonly pause: () => void;
  readonly resume: () => void;
  readonly end: () => void;
}

export function startDeadline(timeoutMs: number, onMiss: () => void): Deadline {
  let leftMs = timeoutMs;
  let since = Date.now();
  let timer: NodeJS.Timeout | undefined = setTimeout(onMiss, leftMs);
  const pause = () => {
    clearTimeout(timer);
    if (timer) leftMs -= Date.now() - since;
    timer = undefined;
  };
  return {
    pause,
    resume: () => {
      pause();
      since = Date.now();
      timer = setTimeout(onMiss, Math.max(leftMs, 1));
    },
    end: () => clearTimeout(timer),
  };
}
