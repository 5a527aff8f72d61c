import { createGate, type Gate } from "./gate.ts";

/**
 * Bounds the connections that are starting: `perServer` for each SSH server (OpenSSH turns newcomers away at random
 * from `MaxStartups` 10 on), `inAll` together.
 */
export interface Starts {
  /** For what costs the host most, a session: so many at a time, wherever. */
  readonly runSession: <Value>(start: () => Promise<Value>) => Promise<Value>;
  readonly run: <Value>(server: string, start: () => Promise<Value>) => Promise<Value>;
}

export function createStarts({ perServer = 8, inAll = 20 } = {}): Starts {
  const all = createGate(inAll);
  const servers = new Map<string, Gate>();
  const sessions = createGate(inAll);
  return {
    runSession: async (start) => {
      const leave = await sessions.enter();
      try {
        return await start();
      } finally {
        leave();
      }
    },
    run: async (server, start) => {
      const gate = servers.get(server) ?? createGate(perServer);
      servers.set(server, gate);
      // Its own first: who waits for a slow server must not hold a place that others could use.
      const leaveServer = await gate.enter();
      const leaveAll = await all.enter();
      try {
        return await start();
      } finally {
        leaveAll();
        leaveServer();
      }
    },
  };
}
