// Carries one operation out, in a process of its own that outlives whoever asked for it: `scrap drive ID`.
import { hostname, userInfo } from "node:os";
import { text } from "node:stream/consumers";
import { carryOut } from "./execute/carry-out.ts";
import type { Hands } from "./execute/hands.ts";
import type { Inventory } from "./inventory/inventory.ts";
import { claimDriver } from "./journal/driver.ts";
import { openJournal } from "./journal/journal.ts";
import { toOperation } from "./journal/operation.ts";
import { openOutput } from "./journal/output.ts";
import type { Decision, Origin } from "./journal/record.ts";
import { createTransport } from "./transport/create-transport.ts";
import { runLocalLines } from "./transport/local-program.ts";
import type { AskSecret, SecretRequest } from "./transport/secrets.ts";

export interface DriveOptions {
  readonly folder: string;
  readonly id: string;
  readonly loadInventory: (by: Origin) => Promise<Inventory>;
  /** What a person typed when they asked for it, by `secretKey`. */
  readonly secrets: ReadonlyMap<string, string>;
  /** What a person asked for since it began. */
  readonly asked: Hands["asked"];
  /** How long a host that is lost is tried again. */
  readonly patienceMs?: number;
}

export type Wish = Extract<Decision, "stop" | "walk-back">;

/** Who carries operations out. */
export interface Drivers {
  /** Resolves once it has begun to. */
  readonly start: (id: string) => Promise<void>;
  /** Tells the one that carries it out, which is process `pid`. Without a wish it is asked for one thing more than before. */
  readonly wish: (id: string, pid: number, wish?: Wish) => void;
}

export const secretKey = ({ host, kind, of }: SecretRequest): string => `${host} ${kind} ${of}`;

/** From standard input: what a person typed before. */
export async function readSecrets(): Promise<ReadonlyMap<string, string>> {
  const said = await text(process.stdin);
  return new Map(said === "" ? [] : Object.entries(JSON.parse(said)));
}

/** Resolves when the operation has ended, or was left for a human. What happened is in the journal. */
export async function drive(options: DriveOptions): Promise<void> {
  const { folder, id, loadInventory, secrets, asked, patienceMs = 600_000 } = options;
  const claim = claimDriver(folder, id);
  const journal = openJournal(folder, id);
  const output = openOutput(folder, id);
  const by = toOperation(journal.records())?.by;
  try {
    if (!by) throw new Error(`The journal of ${id} has no plan.`);
    const inventory = await loadInventory(by);
    const askSecret: AskSecret = async (request) => {
      const secret = secrets.get(secretKey(request));
      return secret === undefined ? undefined : Buffer.from(secret);
    };
    const transport = createTransport({ hosts: inventory.hosts, askSecret });
    const hands: Hands = {
      transport,
      journal,
      owner: ownerOf(by),
      runLocal: runLocalLines,
      onOutput: output.write,
      asked,
      patienceMs,
    };
    await carryOut(hands).finally(transport.close);
  } finally {
    journal.close();
    output.close();
    claim.release();
  }
}

/**
 * Carries operations out in this very process, for hosts that end with it. `settled` resolves when none is under way any
 * more; `fail` is told of a bug.
 */
export function createDriversHere(
  options: Pick<DriveOptions, "folder" | "loadInventory" | "patienceMs"> & {
    readonly fail: (error: unknown) => void;
  },
): Drivers & { readonly settled: () => Promise<void> } {
  const wishes = new Map<string, Wish>();
  const running = new Set<Promise<void>>();
  return {
    start: async (id) => {
      wishes.delete(id);
      const run = drive({ ...options, id, secrets: new Map(), asked: () => wishes.get(id) })
        .catch(options.fail)
        .finally(() => running.delete(run));
      running.add(run);
    },
    wish: (id, _, wish = wishes.has(id) ? "walk-back" : "stop") => void wishes.set(id, wish),
    settled: async () => {
      await Promise.all(running);
    },
  };
}

export const ownerOf = ({ user, machine }: Origin): string => `${user}@${machine}`;

export function whoAsks(inventory: { readonly file?: string; readonly sshConfig?: string }): Origin {
  return {
    user: process.env["SUDO_USER"] ?? userInfo().username,
    machine: hostname(),
    ...(inventory.file === undefined ? {} : { inventory: inventory.file }),
    ...(inventory.sshConfig === undefined ? {} : { sshConfig: inventory.sshConfig }),
  };
}

/** Tells a driver to cancel the step and to walk back, whatever it was told before. */
export const walkBackSignal = "SIGUSR2";

/** The first SIGINT: stop after this step. The second: cancel it and walk back. A hang-up is none of our business. */
export function listenForWishes(): Hands["asked"] {
  let wishes = 0;
  process.removeAllListeners("SIGINT").on("SIGINT", () => {
    wishes += 1;
  });
  process.on(walkBackSignal, () => {
    wishes = 2;
  });
  process.removeAllListeners("SIGHUP").on("SIGHUP", () => {});
  process.removeAllListeners("SIGTERM").on("SIGTERM", () => {
    wishes = Math.max(wishes, 1);
  });
  return () => (wishes === 0 ? undefined : wishes === 1 ? "stop" : "walk-back");
}
