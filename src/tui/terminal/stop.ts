export interface Stops {
  /** Ctrl-z. */
  readonly stop: () => void;
  /** Runs it while keys and their signals are for somebody else. */
  readonly apart: <Result>(run: () => Promise<Result>) => Promise<Result>;
  readonly close: () => void;
}

interface StopOptions {
  /** Gives the terminal away, calls `act`, and takes the terminal back. */
  readonly stop: (act: () => Promise<void>) => void;
  /** Going on after a stop that was not announced. */
  readonly continued: () => void;
}

/** Where nobody watches over jobs the system does not stop us, and nobody would ever continue us. */
const notStoppedMs = 100;

/** The signals by which a shell stops and continues its jobs. */
export function watchStops({ stop, continued }: StopOptions): Stops {
  const onStop = () => stop(sleepUntilContinued);
  process.on("SIGTSTP", onStop);
  process.on("SIGCONT", continued);
  return {
    stop: onStop,
    apart: async (run) => {
      // Ctrl-z there stops us with the program, and ctrl-c is for the program alone.
      process.off("SIGTSTP", onStop);
      const interrupts = process.rawListeners("SIGINT") as NodeJS.SignalsListener[];
      process.on("SIGINT", ignore);
      for (const listener of interrupts) process.off("SIGINT", listener);
      try {
        return await run();
      } finally {
        for (const listener of interrupts) process.on("SIGINT", listener);
        process.off("SIGINT", ignore);
        process.on("SIGTSTP", onStop);
      }
    },
    close: () => {
      process.off("SIGTSTP", onStop);
      process.off("SIGCONT", continued);
    },
  };
}

function ignore() {}

/** The whole group: the shell waits for its first process, such as npm, and not for us. */
function sleepUntilContinued(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  process.once("SIGCONT", resolve);
  const timer = setTimeout(resolve, notStoppedMs);
  process.kill(0, "SIGTSTP");
  return promise.finally(() => {
    clearTimeout(timer);
    process.off("SIGCONT", resolve);
  });
}
