import { setTimeout } from "node:timers/promises";
import type { Output } from "../command/command.ts";
import { TimedOut, UnreachableError } from "../errors.ts";
import type { ShellRequest } from "./frames.ts";
import { createGate } from "./gate.ts";
import type { Quarantine } from "./quarantine.ts";
import { NotAnswered, type Shell } from "./shell.ts";

/** Asks a host through one shell after another: where one is lost, the next takes over. */
export interface Lane {
  /** Opens the shell unless it is open. */
  readonly open: () => Promise<Shell>;
  readonly run: (request: ShellRequest) => Promise<Output>;
  readonly close: () => void;
}

export interface LaneOptions {
  readonly openShell: () => Promise<Shell>;
  readonly quarantine: Quarantine;
  /** Shells of all lanes that were given up, and that may live on on the host. */
  readonly abandoned: Set<Shell>;
  /** How long one of those counts at least. */
  readonly heldMs: number;
  /** So many are sent before the first of them is answered: on a long way each would cost a journey of its own. */
  readonly mostAtOnce: number;
}

const mostAbandoned = 2;

/** Of commands: enough to hide the way, few enough that one that hangs makes little to be sent again. */
export const slowAtOnce = 4;

export function createLane({ openShell, quarantine, abandoned, heldMs, mostAtOnce }: LaneOptions): Lane {
  const turns = createGate(mostAtOnce);
  let current: Promise<Shell> | undefined;
  let isClosed = false;

  const open = async (): Promise<Shell> => {
    const shell = await current?.catch(() => undefined);
    if (shell?.isOpen()) return shell;
    if (abandoned.size >= mostAbandoned) {
      throw new TimedOut("Two questions hang on this host already: no third one is sent for now.");
    }
    const opening = openShell();
    current = opening;
    return opening;
  };

  // At once, because it tells what hangs: when the host lets us have no other shell, it was not the question's fault.
  const replace = (shell: Shell, text: string) => {
    abandoned.add(shell);
    // A server lets go of the channel at once, while what hangs in the kernel lives on: it is counted for a while.
    void Promise.all([shell.ended, setTimeout(heldMs, undefined, { ref: false })]).then(() =>
      abandoned.delete(shell),
    );
    openOnce().catch((error) => {
      if (error instanceof UnreachableError) quarantine.release(text);
    });
  };

  const send = async (request: ShellRequest): Promise<Output> => {
    for (let attempt = 0; ; attempt++) {
      quarantine.check(request.text);
      const shell = await openOnce();
      try {
        const output = await shell.run(request);
        quarantine.release(request.text);
        return output;
      } catch (error) {
        if (error instanceof NotAnswered && attempt < 5 && !isClosed) continue;
        if (error instanceof NotAnswered) throw error.cause instanceof Error ? error.cause : error;
        if (error instanceof TimedOut) {
          quarantine.add(request.text);
          if (!shell.isOpen()) replace(shell, request.text);
        }
        throw error;
      }
    }
  };

  // Many ask at once, and all must get the same shell.
  let opening: Promise<Shell> | undefined;
  const openOnce = (): Promise<Shell> => {
    opening ??= open().finally(() => {
      opening = undefined;
    });
    return opening;
  };

  return {
    open: openOnce,
    run: async (request) => {
      const leave = await turns.enter();
      try {
        if (isClosed) throw new UnreachableError("dropped", "The connection was closed.");
        return await send(request);
      } finally {
        leave();
      }
    },
    close: () => {
      isClosed = true;
      void current?.then(
        (shell) => shell.close(),
        () => {},
      );
    },
  };
}
