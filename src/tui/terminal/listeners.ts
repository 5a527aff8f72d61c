export interface Listeners<Event> {
  /** Returns what takes it away again. */
  readonly add: (listener: (event: Event) => void) => () => void;
  readonly tell: (event: Event) => void;
}

export function createListeners<Event = void>(): Listeners<Event> {
  const listeners = new Set<{ readonly call: (event: Event) => void }>();
  return {
    add: (call) => {
      // The same function may listen twice.
      const listener = { call };
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    tell: (event) => {
      for (const { call } of [...listeners]) call(event);
    },
  };
}
