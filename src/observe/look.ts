import { isDeepStrictEqual } from "node:util";
import type { Backend } from "../backends/contract.ts";
import { parseLook } from "../command/answers.ts";
import type { Look } from "../command/command.ts";
import { Failure } from "../errors.ts";
import type { HostState } from "../model/state.ts";
import type { Link } from "../transport/transport.ts";
import { keepFound } from "./answers.ts";

// Somebody may install a tool while the connection lasts for weeks.
const againMs = 15 * 60_000;

interface Options {
  readonly get: () => HostState;
  readonly update: (change: (host: HostState) => HostState) => void;
  readonly onNewConnection: () => void;
}

/** Finds out which tools a host has: on each new connection, behind which may be another system, and now and then. */
export function createLookout(
  link: Link,
  backends: readonly Backend[],
  { get, update, onNewConnection }: Options,
): { readonly look: () => Promise<void> } {
  let lookedIn: Date | undefined;
  let againAt = 0;

  const ask = async () => parseLook((await link.ask(mergeLooks(backends))).stdout);

  return {
    look: async () => {
      const state = link.state();
      if (state.status !== "up") return;
      if (state.since !== lookedIn) {
        const found = await ask();
        lookedIn = state.since;
        againAt = Date.now() + againMs;
        onNewConnection();
        update((host) => keepFound(host, found, backends));
      } else if (Date.now() >= againAt) {
        againAt = Date.now() + againMs;
        const found = await ask().catch(orNothing);
        if (found && !isDeepStrictEqual(found, get().found))
          update((host) => keepFound(host, found, backends));
      }
    },
  };
}

/** What was found before is still the best that we know. */
function orNothing(error: unknown): undefined {
  if (!(error instanceof Failure)) throw error;
}

/** One question for all that any backend looks for. */
export function mergeLooks(backends: readonly Backend[]): Look {
  const merged = (list: (look: Look) => readonly string[]) => [
    ...new Set(backends.flatMap(({ looksFor }) => list(looksFor))),
  ];
  return { programs: merged(({ programs }) => programs), paths: merged(({ paths }) => paths) };
}
